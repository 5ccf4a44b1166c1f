import type { Finding, Remark } from "../diagnostic.ts";
import { isBlank, writtenColumns } from "../read/name-notes.ts";
import type { ResultList } from "../read/reading.ts";

/** Columns without a name, or with one that an earlier column has: nothing is renamed on its way into a Data Extension (R4). */
export function resultNameFindings(list: ResultList, names: readonly string[]): Finding[] {
  return writtenColumns(list).flatMap(({ start, end, name }, index) => {
    const settled = names[index] ?? "";
    return name === settled ? [] : [{ start, end, remark: remarkOn(name, index + 1) }];
  });
}

function remarkOn(name: string | undefined, position: number): Remark {
  const fix = "Give it the name of a field: AS [Field]";
  if (isBlank(name)) {
    const message = `Column ${position} has no name, so no field of the Data Extension can take it`;
    return { code: "UNNAMED_COLUMN", message, fix };
  }
  const message = `Column ${position} repeats the name ${name}; a field takes one column only`;
  return { code: "DUPLICATE_COLUMN", message, fix };
}
