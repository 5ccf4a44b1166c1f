import { said } from "./said.ts";
import { given } from "#lang/given.ts";
import type { Finding } from "../diagnostic.ts";
import type { Doubt, Edit, Reading } from "../read/reading.ts";
import type { Scope } from "../read/scope.ts";
import { exposedTables } from "../rewrite/exposed.ts";
import { placeOf } from "../syntax/places.ts";
import type { Query } from "../syntax/tree.ts";
import { bracketed } from "../text/splice.ts";

type ColumnDoubt = Doubt & { kind: "column" };

/** A name without a table's name before it that no list of fields has for certain. */
function isUnsure(doubt: Doubt): doubt is ColumnDoubt {
  if (doubt.kind !== "column" || doubt.parts.length !== 1) return false;
  const { resolved } = doubt;
  return resolved.kind === "unknowable" || (resolved.kind === "column" && resolved.isUnlisted === true);
}

/** The name of the only table that can have the column, before it; a name in a PIVOT stands in no SELECT's scope. */
function prefix(own: ReadonlySet<Scope>, { parts: [name], scope }: ColumnDoubt): Edit[] | undefined {
  const [only, ...more] = scope.relations;
  const isAlone = more.length === 0 && own.has(scope) && scope.outer?.relations.length === 0;
  if (name === undefined || only === undefined || !isAlone) return undefined;
  return [{ start: name.start, end: name.start, text: `${bracketed(only.alias)}.` }];
}

/**
 * Names in common table expressions that Marketing Cloud may take from the query around, where these are written out: nobody
 * here knows whether their own tables have such columns (D47).
 */
export function unsureFindings(tree: Query, { doubts, selects }: Reading): Finding[] {
  const unsure = tree.commonTables.length === 0 ? [] : doubts.filter(isUnsure);
  if (unsure.length === 0) return [];
  const tables = exposedTables(tree);
  const own = new Set(selects.map(({ scope }) => scope));
  return unsure.flatMap((doubt): Finding[] => {
    const place = placeOf(doubt.parts);
    const table = tables.find(({ query }) => query.start <= place.start && place.end <= query.end);
    if (table === undefined) return [];
    const name = doubt.parts[0]?.value ?? "";
    const edits = prefix(own, doubt);
    return [
      {
        ...place,
        remark: { ...said("UNSURE_COLUMN", table.name.value, name), severity: "warning", ...given({ edits }) },
      },
    ];
  });
}
