import type { OutputColumn } from "./fields.ts";
import { fieldOfType, text, maxTextLength } from "./types/sql-type.ts";

/**
 * The columns as a result table holds anything in: every one Text(4000), which takes each value by implicit conversion
 * (FACTS 8.4).
 *
 * For the second attempt after a truncation or conversion failure into a table of our own, never for a target.
 */
export function allText(columns: readonly OutputColumn[]): OutputColumn[] {
  return columns.map(({ name }) => ({ name, ...fieldOfType(text(maxTextLength)), assumed: true }));
}
