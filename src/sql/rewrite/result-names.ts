import { said } from "../lint/said.ts";
import { given } from "#lang/given.ts";
import { listEdits } from "../read/item-edits.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { isBlank, writtenColumns } from "../read/name-notes.ts";
import type { ResultList } from "../read/reading.ts";

/** Columns without a name, or with one that an earlier column has: nothing is renamed on its way into a Data Extension (R4). */
export function resultNameFindings(list: ResultList, names: readonly string[]): Finding[] {
  let done = 0;
  return list.items.flatMap((one) => {
    const item: ResultList = { ...list, items: [one] };
    const first = done;
    const columns = writtenColumns(item);
    done += columns.length;
    return columns.flatMap(({ start, end, name }, index): Finding[] => {
      const settled = names[first + index] ?? "";
      if (name === settled) return [];
      // A star has no place for an alias.
      const edits = one.item.kind === "star" ? undefined : listEdits(item, [settled]);
      return [{ start, end, remark: { ...remarkOn(name, first + index + 1), ...given({ edits }) } }];
    });
  });
}

function remarkOn(name: string | undefined, position: number): Remark {
  return isBlank(name) ? said("UNNAMED_COLUMN", position) : said("DUPLICATE_COLUMN", position, name ?? "");
}
