import { SendableText } from "#protocol/storable-text.ts";
import type { TableRef } from "#sql/fields.ts";

/** No name in MCE is longer (MCE 4.4). */
const nameMax = 128;

/**
 * Reads a table's name as somebody writes it after FROM: `Customers`, `[My table]`, `Ent.[My table]`.
 *
 * @returns undefined for a text that no table can be called, so that MCE is not asked
 */
export function readTableName(text: string): TableRef | undefined {
  const [, prefix, rest = ""] = /^(?:\[?(ent)\]?\.)?(.*)$/is.exec(text) ?? [];
  const name = /^\[.*\]$/s.test(rest) ? rest.slice(1, -1) : rest;
  const isPossible = name.trim() !== "" && name.length <= nameMax && SendableText.safeParse(name).success;
  return isPossible ? { name, ent: prefix !== undefined } : undefined;
}
