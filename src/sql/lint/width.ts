import { said } from "./said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { OutputColumn } from "../fields.ts";
import { maxTextLength } from "../types/sql-type.ts";

/** Names longer than this are no SQL Server identifiers, nor field names (MCE 4.4). */
const maxNameLength = 128;

function nameFinding(name: string): Remark | undefined {
  if (name.length <= maxNameLength) return undefined;
  return said("NAME_TOO_LONG", name.slice(0, 20), maxNameLength);
}

function textLengthOf({ fieldType, maxLength }: OutputColumn): number {
  return fieldType === "Text" ? (maxLength ?? maxTextLength) : 0;
}

/** What the result's shape costs: rows wider than MCE is fast with (MCE 4.4), names no field can have; said at the first SELECT. */
export function widthFindings(columns: readonly OutputColumn[], place: { start: number; end: number }): Finding[] {
  const findings: Finding[] = [];
  const width = columns.reduce((sum, column) => sum + textLengthOf(column), 0);
  if (width > maxTextLength)
    findings.push({ ...place, remark: { ...said("WIDE_ROW", width, maxTextLength), severity: "warning" } });
  for (const { name } of columns) {
    const remark = nameFinding(name);
    if (remark !== undefined) findings.push({ ...place, remark });
  }
  return findings;
}
