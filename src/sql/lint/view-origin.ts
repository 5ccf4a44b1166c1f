import { derivedSelect } from "../read/conditions.ts";
import { ownerOf } from "../read/owner.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import { isSameName } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import type { Name, Select } from "../syntax/tree.ts";
import { callOf, unconverted } from "../types/moments.ts";

/** A column of a table that FROM names. */
export type Origin = { table: string; column: string };

/** What MIN and MAX choose from: no value is older or newer than those. */
export function unchosen(expression: Expression | undefined): Expression | undefined {
  const inner = unconverted(expression);
  const call = callOf(inner);
  return call?.name === "MIN" || call?.name === "MAX" ? unchosen(call.args[0]) : inner;
}

/** The column of a SELECT's own tables that its list shows under a name. */
function shownAs({ items }: Select, name: Name): readonly Name[] | undefined {
  for (const { expression, alias } of items) {
    if (expression.kind === "star") return [name];
    const inner = unchosen(expression);
    const parts = inner?.kind === "column" ? inner.parts : undefined;
    const shown = alias?.name ?? parts?.at(-1);
    if (shown !== undefined && isSameName(shown.value, name.value)) return parts;
  }
  return undefined;
}

/** The table's column a name means, through derived tables that show it as it is; nothing for what is worked out. */
export function originOf(reading: Reading, read: ReadSelect, parts: readonly Name[]): Origin | undefined {
  const owner = ownerOf(read.scope, parts);
  const column = parts.at(-1);
  if (owner === undefined || column === undefined) return undefined;
  if (owner.table !== undefined) return { table: owner.table.name, column: column.value };
  const select = derivedSelect(read.select, owner.alias);
  const inner = select === undefined ? undefined : reading.selects.find((it) => it.select === select);
  const shown = inner && shownAs(inner.select, column);
  return inner && shown && originOf(reading, inner, shown);
}
