import type { OutputColumn, TableField } from "#sql/infer.ts";

/** A column as the corpus expects it: null or absent is not scored. */
export type ExpectedColumn = {
  name: string | null;
  fieldType: TableField["fieldType"] | null;
  maxLength?: number;
  precision?: number;
  scale?: number;
};

/** Which of the three questions a query's columns answer right, and what is wrong in words. */
export type Score = { names: boolean; types: boolean; lengths: boolean; wrong: string[] };

/** A Data Extension's Text cannot be longer, so neither can a right answer. */
const maxText = 4000;

/** The field types a temp DE knows: what MCE would check on insert is Text there. */
export function family(fieldType: TableField["fieldType"]): string {
  return fieldType === "EmailAddress" || fieldType === "Phone" || fieldType === "Locale" ? "Text" : fieldType;
}

function isTypeRight(column: OutputColumn, expected: ExpectedColumn): boolean {
  if (expected.fieldType === null) return true;
  if (column.fieldType !== family(expected.fieldType)) return false;
  if (column.fieldType !== "Decimal") return true;
  return (
    (expected.precision === undefined || column.precision === expected.precision) &&
    (expected.scale === undefined || column.scale === expected.scale)
  );
}

function isLongEnough(column: OutputColumn, expected: ExpectedColumn): boolean {
  const isScored = column.fieldType === "Text" && expected.fieldType !== null && expected.maxLength !== undefined;
  // A Text without length is unbounded.
  if (!isScored || column.maxLength === undefined) return true;
  return column.maxLength >= Math.min(expected.maxLength ?? 0, maxText);
}

/** Compares inferred columns with expected ones, position by position; names without regard to case. */
export function score(columns: readonly OutputColumn[], expected: readonly ExpectedColumn[]): Score {
  if (columns.length !== expected.length) {
    return { names: false, types: false, lengths: false, wrong: [`${columns.length} columns for ${expected.length}`] };
  }
  const result: Score = { names: true, types: true, lengths: true, wrong: [] };
  for (const [index, wanted] of expected.entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    const names = wanted.name === null || wanted.name.toLowerCase() === column.name.toLowerCase();
    const types = isTypeRight(column, wanted);
    const lengths = isLongEnough(column, wanted);
    if (!names || !types || !lengths) result.wrong.push(`${JSON.stringify(column)} for ${JSON.stringify(wanted)}`);
    result.names &&= names;
    result.types &&= types;
    result.lengths &&= lengths;
  }
  return result;
}
