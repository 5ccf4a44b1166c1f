import type { Finding, Remark } from "../diagnostic.ts";
import type { OutputColumn } from "../fields.ts";
import { maxTextLength } from "../types/sql-type.ts";

/** Names longer than this are no SQL Server identifiers, nor field names (MCE 4.4). */
const maxNameLength = 128;

function nameFinding(name: string): Remark | undefined {
  if (name.length <= maxNameLength) return undefined;
  const message = `${name.slice(0, 20)}… is longer than a column's name may be: ${maxNameLength} characters`;
  return { code: "NAME_TOO_LONG", message };
}

function textLengthOf({ fieldType, maxLength }: OutputColumn): number {
  return fieldType === "Text" ? (maxLength ?? maxTextLength) : 0;
}

/** What the result's shape costs: rows wider than MCE is fast with (MCE 4.4), names no field can have; said at the first SELECT. */
export function widthFindings(columns: readonly OutputColumn[], place: { start: number; end: number }): Finding[] {
  const findings: Finding[] = [];
  const width = columns.reduce((sum, column) => sum + textLengthOf(column), 0);
  if (width > maxTextLength) {
    const message = `The columns hold up to ${width} characters a row; beyond ${maxTextLength} MCE gets slow`;
    findings.push({
      ...place,
      remark: {
        code: "WIDE_ROW",
        severity: "warning",
        message,
        fix: "Select fewer columns, or CAST long ones to what you need",
      },
    });
  }
  for (const { name } of columns) {
    const remark = nameFinding(name);
    if (remark !== undefined) findings.push({ ...place, remark });
  }
  return findings;
}
