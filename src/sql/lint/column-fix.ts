import advice from "./advice.prose.json" with { type: "json" };
import { given } from "#lang/given.ts";
import { aggregateNames } from "../functions/aggregate.ts";
import type { Remark } from "../diagnostic.ts";
import { holdsQuery } from "../read/conditions.ts";
import type { Doubt, Edit, Reading } from "../read/reading.ts";
import { columnNamed, isSameName, misnamed, resolve, tablesScope, type Relation, type Scope } from "../read/scope.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node, Select } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { distanceWithin } from "../text/distance.ts";
import { asWritten } from "../text/splice.ts";
import { callOf } from "../types/moments.ts";
import { didYouMean, type Fix } from "./name-edits.ts";
import type { Nearest } from "./nearest.ts";
import { isView, type Visible } from "./visible.ts";
import { viewColumnFix } from "./view-columns.ts";

/** A column's name that means nothing, or two things. */
export type ColumnDoubt = Doubt & { kind: "column" };

/** Nobody sees more findings, and to look for what was meant takes its time. */
export const maxFixes = 100;

/** What is looked at: the reading, its SELECTs by their scopes, and the search for what is most like a name. */
export type Looking = {
  /** How many more names are worth a fix. */
  room: { fixes: number };
  reading: Reading;
  nearest: Nearest;
  selects: ReadonlyMap<Scope, Select>;
  isChild: boolean;
  visibleIn: (scope: Scope) => Visible;
};

/** Whether a name is worth a fix, after all those before it. */
export function isWorthFix({ room }: Looking): boolean {
  room.fixes -= 1;
  return room.fixes >= 0;
}

function* namesOfColumns(relations: readonly Relation[]): Iterable<string> {
  for (const { columns } of relations)
    for (const { name, type } of columns) if (name !== undefined && type !== misnamed) yield name;
}

/** What T-SQL has for `True` or `False`, which are names like any other there: a number, or beside a text that word. */
function bitFix({ beside }: Reading, parts: readonly Name[]): Fix | undefined {
  const [name] = parts;
  const word = name?.isQuoted === false && parts.length === 1 ? name.value.toLowerCase() : "";
  if (name === undefined || (word !== "true" && word !== "false")) return undefined;
  const { kind = "bit" } = beside.get(parts) ?? {};
  const bit = word === "true" ? "1" : "0";
  const [text, why] =
    kind === "text" ? [`'${name.value}'`, "beside it stands a text"] : [bit, "a Boolean is 1 or 0 in T-SQL"];
  if (kind === "date" || kind === "null") return { fix: "A Boolean is 1 or 0 in T-SQL" };
  return { fix: `Write ${text}: ${why}`, edits: [{ start: name.start, end: name.end, text }] };
}

/** `True` where a table may have such a column, for all that is known. */
export function maybeBit(reading: Reading, { parts }: ColumnDoubt): Remark | undefined {
  const fix = bitFix(reading, parts);
  if (fix === undefined) return undefined;
  const message = `${parts[0]?.value ?? ""} is a column's name in T-SQL, no value`;
  return { code: "UNKNOWN_COLUMN", severity: "warning", message, ...fix };
}

/** Text in double quotes, which T-SQL takes for a name; or a name after all, where a column's is like it. */
function quotedFix({ reading, nearest, visibleIn }: Looking, { parts, scope }: ColumnDoubt): Fix | undefined {
  const [name, more] = parts;
  if (name === undefined || reading.sql[name.start] !== '"') return undefined;
  const fix = "Text stands in single quotes: '…'";
  const like = nearest(name.value, namesOfColumns(visibleIn(scope).relations));
  if (like !== undefined) return { fix: `${fix}; or did you mean ${like.name}?` };
  const text = `'${name.value.replaceAll("'", "''")}'`;
  return more === undefined ? { fix, edits: [{ start: name.start, end: name.end, text }] } : { fix };
}

/** Nobody wants to see a longer expression twice. */
const maxRepeated = 500;

/** Whether an expression may stand anywhere: it is worked out row by row. */
function isPlain(node: Node): boolean {
  if (holdsQuery(node)) return false;
  if (node.kind === "call" && (node.over !== undefined || aggregateNames.has(callOf(node)?.name ?? ""))) return false;
  return childrenOf(node).every(isPlain);
}

/** An alias of the select list where it is not known yet. */
function aliasFix({ reading, selects }: Looking, { parts, scope }: ColumnDoubt): Fix | undefined {
  const [name] = parts;
  if (parts.length !== 1 || name === undefined) return undefined;
  const item = selects.get(scope)?.items.find(({ alias }) => alias && isSameName(alias.name.value, name.value));
  // `SELECT Nmae AS Nmae` does not mean itself.
  if (item === undefined || (item.start <= name.start && name.start < item.end)) return undefined;
  const fix = advice.notes.alias;
  const { start, end, kind } = item.expression;
  if (end - start > maxRepeated || !isPlain(item.expression)) return { fix };
  const own = reading.sql.slice(start, end);
  const text = kind === "column" || kind === "call" ? own : `(${own})`;
  return { fix, edits: [{ start: name.start, end: name.end, text }] };
}

/** A column behind the wrong table's name: the only other table of the query that has it. */
function ownerFix({ parts, scope }: ColumnDoubt, relation: Relation | undefined): Fix | undefined {
  const name = parts.at(-1)?.value ?? "";
  const { relations } = tablesScope(scope);
  if (relation === undefined || relations.some(({ isOpen, alias }) => isOpen || alias === "")) return undefined;
  const owners = relations.filter((other) => other !== relation && columnNamed(other.columns, name) !== undefined);
  const [owner, other] = owners;
  if (owner === undefined || other !== undefined) return undefined;
  const text = `${asWritten(owner.alias)}.${asWritten(name)}`;
  return { fix: `${owner.alias} has it: write ${text}`, edits: [{ ...placeOf(parts), text }] };
}

/** A misspelt DISTINCT, which is a column with an alias to T-SQL. */
function distinctFix([name, more]: readonly Name[]): Fix | undefined {
  if (name === undefined || more !== undefined || name.isQuoted) return undefined;
  if (!distanceWithin(name.value.toUpperCase(), "DISTINCT", 2)) return undefined;
  return { fix: "Did you mean DISTINCT?", edits: [{ start: name.start, end: name.end, text: "DISTINCT" }] };
}

/** A view may have a column that no list has (MCE 8.7): only what is nearly a listed name is surely one. */
const maxSlip = 2;

/** What to do about a name that no column has: an alias used too early, text in double quotes, a slip of the hand. */
export function columnFix(looking: Looking, doubt: ColumnDoubt, relation: Relation | undefined): Fix {
  const { parts, scope } = doubt;
  const written = parts.at(-1);
  if (written === undefined || !isWorthFix(looking)) return {};
  const fix = bitFix(looking.reading, parts) ?? quotedFix(looking, doubt) ?? aliasFix(looking, doubt);
  if (fix !== undefined) return fix;
  const { relations: visible } = looking.visibleIn(scope);
  // ORDER BY may mean the result or a table.
  const isOpen = relation === undefined || (parts.length === 1 && scope.relations[0]?.result?.from !== undefined);
  const meant = isOpen ? visible : [relation];
  const inView = viewColumnFix(written.value, meant, visible, looking.isChild);
  const owned = ownerFix(doubt, relation);
  if (owned !== undefined) return inView === undefined ? owned : { ...owned, fix: inView };
  if (inView !== undefined) return { fix: inView };
  const word = distinctFix(parts);
  if (word !== undefined) return word;
  const isInView = meant.some(isView);
  const isRight = (name: string, distance: number) =>
    (!isInView || distance <= maxSlip) &&
    resolve(scope, [...parts.slice(0, -1), { ...written, value: name }]).kind === "column";
  const { fix: words, edits } = didYouMean(looking.nearest, written, namesOfColumns(meant), isRight);
  return given({ fix: words, edits: edits && [...edits, ...followers(looking, written, edits)] });
}

/** The edits of all that names a column of an inner query that is called so by mistake. */
function followers({ reading }: Looking, written: Name, [edit]: readonly Edit[]): Edit[] {
  return reading.misnamed.flatMap(({ value, start, end }) =>
    edit !== undefined && isSameName(value, written.value) ? [{ start, end, text: edit.text }] : [],
  );
}
