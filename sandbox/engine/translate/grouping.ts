import { SqlError, unsupported } from "../values/sql-error.ts";
import { argumentsOf } from "./aggregate-names.ts";
import { list, node, partsOfName, variant, type Json } from "./ast.ts";

/** GROUP BY of a SELECT: all its expressions, and its grouping sets when there are several. */
export type Groups = { exprs: Json[]; sets?: readonly (readonly number[])[] };

/** SQL Server's own limit for one GROUP BY. */
const mostSets = 4096;

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);
}

/** The grouping sets of one GROUP BY item, each a list of expressions. */
function alternatives(item: Json): { lists: Json[][]; isMany: boolean } {
  const { name, body } = variant(item);
  if (name === "Tuple") return unsupported("GROUP BY of a bracketed list");
  if (name === "Rollup" || name === "Cube" || name === "GroupingSets")
    return unsupported(`GROUP BY ${name.toUpperCase()}`);
  const own = name === "Function" ? (partsOfName(node(body)["name"]).at(-1) ?? "").toLowerCase() : "";
  if (own !== "rollup" && own !== "cube") return { lists: [[item]], isMany: false };
  const parts = argumentsOf(node(body)).map((argument) => {
    const { name: kind, body: inner } = variant(argument);
    return kind === "Tuple" ? list(inner) : [argument];
  });
  if (own === "cube" && parts.length > 12) throw new SqlError("Too many grouping sets. The maximum number is 4096.");
  const chosen = own === "cube" ? subsets(parts) : parts.map((_part, at) => parts.slice(0, at + 1)).concat([[]]);
  return { lists: chosen.map((set) => set.flat()), isMany: true };
}

/** Reads GROUP BY with ROLLUP and CUBE, which multiply with each other and with plain expressions. */
export function readGroups(groupBy: Json | undefined): Groups {
  if (groupBy === null || groupBy === undefined) return { exprs: [] };
  const { name, body } = variant(groupBy);
  if (name !== "Expressions") return unsupported(`GROUP BY ${name.toUpperCase()}`);
  const [items, modifiers] = list(body);
  if (list(modifiers).length > 0) return unsupported("GROUP BY … WITH ROLLUP or CUBE");
  const read = list(items).map(alternatives);
  if (!read.some(({ isMany }) => isMany)) return { exprs: read.flatMap(({ lists }) => lists.flat()) };
  const exprs: Json[] = [];
  const placeOf = (json: Json): number => {
    const at = exprs.indexOf(json);
    return at < 0 ? exprs.push(json) - 1 : at;
  };
  const sets = read.reduce<Json[][]>(
    (before, { lists }) => before.flatMap((set) => lists.map((more) => [...set, ...more])),
    [[]],
  );
  if (sets.length > mostSets) throw new SqlError("Too many grouping sets. The maximum number is 4096.");
  return { exprs, sets: sets.map((set) => set.map(placeOf)) };
}
