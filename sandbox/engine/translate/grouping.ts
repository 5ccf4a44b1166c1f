import { unsupported } from "../values/sql-error.ts";
import { list, node, partsOfName, variant, type Node } from "./ast.ts";
import type { Context } from "./context.ts";
import type { Relation } from "./relation.ts";
import type { Tail } from "./select.ts";

type Translate = (context: Context, select: Node, tail: Tail) => Relation;

/** ROLLUP, CUBE and GROUPING SETS of a SELECT, if it has any. */
export function groupSets(
  select: Node,
): { translate: (context: Context, select: Node, tail: Tail, plain: Translate) => Relation } | undefined {
  const { name, body } = variant(select["group_by"]);
  if (select["group_by"] === null || select["group_by"] === undefined) return undefined;
  if (name !== "Expressions") return unsupported(`GROUP BY ${name.toUpperCase()}`);
  const [items, modifiers] = list(body);
  if (list(modifiers).length > 0) return unsupported("GROUP BY … WITH ROLLUP or CUBE");
  for (const item of list(items)) {
    const { name: kind, body: inner } = variant(item);
    const own = (partsOfName(node(inner)["name"]).at(-1) ?? "").toLowerCase();
    if (
      kind === "Rollup" ||
      kind === "Cube" ||
      kind === "GroupingSets" ||
      (kind === "Function" && (own === "rollup" || own === "cube"))
    ) {
      return unsupported(`GROUP BY ${kind === "Function" ? own.toUpperCase() : kind.toUpperCase()}`);
    }
    if (kind === "Tuple") return unsupported("GROUP BY of a bracketed list");
  }
  return undefined;
}
