import { given } from "#lang/given.ts";
import { said } from "./said.ts";
import type { Remark } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";
import { isSameName, ownColumn, tablesScope, type Relation, type Scope } from "../read/scope.ts";
import { aliasOf, leaves } from "../syntax/outputs.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Source } from "../syntax/tree.ts";
import { asWritten } from "../text/splice.ts";
import { isWorthFix, type ColumnDoubt, type Looking } from "./column-fix.ts";
import { didYouMean, nameEdit, type Fix } from "./name-edits.ts";

/** In a text with more names that mean nothing, each is looked at by itself. */
const maxTogether = 100;

/** A name before a dot that no table has, and the column behind it. */
type Prefixed = { table: Name; column: string; scope: Scope };

function prefixed({ parts, resolved, scope }: ColumnDoubt): Prefixed | undefined {
  const column = parts.at(-1)?.value.toLowerCase();
  return resolved.kind === "no-table" && column !== undefined
    ? { table: resolved.table, column, scope: tablesScope(scope) }
    : undefined;
}

/** Everything in the text that stands behind the same unknown name. */
function alike({ reading }: Looking, own: Prefixed): Prefixed[] {
  if (reading.doubts.length > maxTogether) return [own];
  return reading.doubts.flatMap((doubt) => {
    const found = doubt.kind === "column" ? prefixed(doubt) : undefined;
    return found !== undefined && isSameName(found.table.value, own.table.value) ? [found] : [];
  });
}

function mayHave(relation: Relation, column: string): boolean {
  return relation.isOpen || ownColumn(relation, column) !== undefined;
}

/** The edits that write a table's name in the place of all that are alike; nothing where one of them cannot mean it. */
function renamedEdits({ visibleIn }: Looking, all: readonly Prefixed[], relation: Relation): Edit[] | undefined {
  const isMeant = ({ column, scope }: Prefixed): boolean =>
    visibleIn(scope).relations.includes(relation) && mayHave(relation, column);
  return relation.alias !== "" && all.every(isMeant)
    ? all.map(({ table }) => nameEdit(table, relation.alias))
    : undefined;
}

/** The tables a SELECT's FROM reads under their own names, and its derived tables without any. */
function unnamed({ selects }: Looking, scope: Scope): Source[] {
  const sources = leaves(selects.get(scope)?.from ?? []);
  return sources.filter(
    (source) => (source.kind === "table" || source.kind === "derived") && source.alias === undefined,
  );
}

/** The alias that is missing behind the only table without one, where all that is written before a dot is its own. */
function aliasFix(looking: Looking, own: Prefixed, all: readonly Prefixed[]): Fix | undefined {
  const [source, other] = unnamed(looking, own.scope);
  if (source === undefined || other !== undefined || source.kind !== "table") return undefined;
  const relation = own.scope.relations.find(({ alias }) => isSameName(alias, aliasOf(source)));
  const isMeant = ({ column, scope }: Prefixed): boolean =>
    relation !== undefined && looking.visibleIn(scope).relations.includes(relation) && mayHave(relation, column);
  if (!all.every(isMeant)) return undefined;
  const at = source.name.at(-1)?.end ?? source.end;
  const name = own.table.value;
  return { fix: `Write ${aliasOf(source)} AS ${name}`, edits: [{ start: at, end: at, text: ` AS ${name}` }] };
}

/** The only table of the query that all the columns may be of. */
function soleOwner(own: Prefixed, all: readonly Prefixed[]): Relation | undefined {
  const owners = own.scope.relations.filter((relation) => all.every(({ column }) => mayHave(relation, column)));
  return owners.length === 1 ? owners[0] : undefined;
}

/** Behind a set operator ORDER BY knows no tables: the column's name alone, where the result has it. */
function resultFix({ parts }: ColumnDoubt, { column }: Prefixed, result: Relation): Fix {
  const name = parts.at(-1);
  if (name === undefined || ownColumn(result, column) === undefined) return {};
  const text = asWritten(name.value);
  return { ...given({ fix: said("UNKNOWN_PREFIX:result", "", text).fix }), edits: [{ ...placeOf(parts), text }] };
}

/** What to say of a name before a dot that is no table of the query. */
export function unknownPrefix(looking: Looking, doubt: ColumnDoubt): Remark | undefined {
  const own = prefixed(doubt);
  if (own === undefined) return undefined;
  const { table, scope } = own;
  const remark = said("UNKNOWN_PREFIX", table.value);
  if (!isWorthFix(looking)) return remark;
  const { relations } = looking.visibleIn(scope);
  const result = scope.relations[0]?.result && scope.relations[0];
  if (result !== undefined) return { ...remark, ...resultFix(doubt, own, result) };
  const all = alike(looking, own);
  const [renamed, other] = relations.filter(
    (one) => one.table !== undefined && isSameName(one.table.name, table.value),
  );
  if (renamed !== undefined) {
    const { fix } = said("UNKNOWN_PREFIX:renamed", table.value, renamed.alias);
    const edits = other === undefined ? renamedEdits(looking, all, renamed) : undefined;
    return { ...remark, ...given({ fix }), ...(edits === undefined ? {} : { edits }) };
  }
  const missing = aliasFix(looking, own, all);
  if (missing !== undefined) return { ...remark, ...missing };
  const owner = soleOwner(own, all);
  const edits = owner && renamedEdits(looking, all, owner);
  if (owner !== undefined && edits !== undefined) return { ...remark, fix: `Did you mean ${owner.alias}?`, edits };
  const aliases = relations.map(({ alias }) => alias).filter((alias) => alias !== "");
  const { fix } = didYouMean(looking.nearest, table, aliases);
  return fix === undefined ? remark : { ...remark, fix };
}
