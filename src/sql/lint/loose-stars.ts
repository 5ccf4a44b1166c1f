import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import type { ReadSelect } from "../read/reading.ts";
import { isSameName, type Relation } from "../read/scope.ts";
import type { Name } from "../syntax/tree.ts";
import type { Grouped } from "./canon.ts";

/** Stars beside aggregates that stand for a column that is not grouped by. */
export function looseStars({ select, role, scope }: ReadSelect, by: Grouped): Finding[] {
  // What stands behind EXISTS gives no columns, so nobody knows whether SQL Server writes its star out.
  if (role === "value") return [];
  return select.items.flatMap(({ expression }): Finding[] => {
    if (expression.kind !== "star") return [];
    const { start, end, table } = expression;
    const own = table.at(-1)?.value;
    const relations = scope.relations.filter(({ alias }) => own === undefined || isSameName(alias, own));
    const name = relations.flatMap((relation) => looseColumn(relation, by) ?? [])[0];
    if (name === undefined) return [];
    return [{ start, end, remark: said("NOT_GROUPED:star", name) }];
  });
}

/** The first column of a table that is not grouped by; nothing where nobody knows of one. */
function looseColumn({ alias, columns, isOpen }: Relation, { canon, grouped }: Grouped): string | undefined {
  // Every table has a column.
  if (isOpen && grouped.size === 0) return columns[0]?.name ?? `a column of ${alias}`;
  const loose = columns.find(({ name }) => name !== undefined && !grouped.has(canon.wordOfName(parts(alias, name))));
  return loose?.name;
}

function parts(...values: readonly string[]): Name[] {
  return values.map((value) => ({ value, start: 0, end: 0, isQuoted: false }));
}
