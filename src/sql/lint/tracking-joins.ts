import { said } from "./said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { namedTables, singleConditions } from "../read/conditions.ts";
import { ownerOf } from "../read/owner.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import { isSameName, type Relation, type Scope } from "../read/scope.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Node } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { openRepeats } from "./hidden-repeats.ts";

/** Views with a row for each thing that happened to a send; JobID, BatchID, ListID and subscriber are their key (MCE 8.7). */
const trackingViews = new Set([
  "_sent",
  "_open",
  "_click",
  "_bounce",
  "_complaint",
  "_unsubscribe",
  "_ftaf",
  "_surveyresponse",
]);

/** What must be equal on both sides, by the columns that tell it. */
type Aspect = "job" | "subscriber";

/** The id of a subscriber is as good as the key. */
const identities: Readonly<Record<string, Aspect>> = {
  jobid: "job",
  subscriberid: "subscriber",
  subscriberkey: "subscriber",
  _subscriberid: "subscriber",
};

/** A trigger's definition tells its job as well. */
const aspects: Readonly<Record<string, Aspect>> = {
  ...identities,
  triggerersenddefinitionobjectid: "job",
  triggeredsendcustomerkey: "job",
};

/** Which columns of a SELECT's tables are said to be equal, directly or through others. */
type Links = {
  link(one: string, other: string): void;
  isLinked(one: string, other: string): boolean;
};

function openLinks(): Links {
  const parents = new Map<string, string>();
  const root = (of: string): string => {
    let here = of;
    for (let up = parents.get(here); up !== undefined; up = parents.get(here)) {
      // The way up gets shorter with each go.
      const above = parents.get(up);
      if (above !== undefined) parents.set(here, above);
      here = up;
    }
    return here;
  };
  return {
    link(one, other) {
      const [from, to] = [root(one), root(other)];
      if (from !== to) parents.set(from, to);
    },
    isLinked: (one, other) => root(one) === root(other),
  };
}

/** What all columns that have one value for the whole query are linked to. */
const constant = "=";

function wordOf({ alias }: Relation, what: string): string {
  return `${alias.toLowerCase()}.${what}`;
}

/** The columns of an expression, as words of what they tell about which table. */
function columnsIn(node: Node, scope: Scope): string[] {
  if (node.kind !== "column") return childrenOf(node).flatMap((child) => columnsIn(child, scope));
  const relation = ownerOf(scope, node.parts);
  const name = (node.parts.at(-1)?.value ?? "").toLowerCase();
  return relation === undefined ? [] : [wordOf(relation, aspects[name] ?? name)];
}

/** No real condition compares more columns. */
const maxColumns = 30;

/** Links what one condition compares: two jobs of one subscriber may well be meant to differ. */
function linkCondition(links: Links, condition: Expression, scope: Scope): void {
  if (condition.kind !== "comparison" || condition.quantifier !== undefined) return;
  const left = columnsIn(condition.left, scope).slice(0, maxColumns);
  const right = columnsIn(condition.right, scope).slice(0, maxColumns);
  const [one, other] = [left[0], right[0]];
  const isEqual = condition.operator === "=";
  if (isEqual && left.length + right.length === 1) links.link(one ?? other ?? constant, constant);
  else if (left.length === 1 && right.length === 1 && one !== undefined && other !== undefined) links.link(one, other);
  else for (const word of left) for (const twin of right) if (aspectOf(word) === aspectOf(twin)) links.link(word, twin);
}

function aspectOf(word: string): string {
  return word.slice(word.lastIndexOf("."));
}

/** Columns that are NULL only where a row has no match. */
const neverNull = new Set([...Object.keys(identities), "listid", "batchid", "eventdate", "transactiontime"]);

/** The tables of which only the rows without a match are kept: nothing multiplies there. */
function unmatched(conditions: readonly Expression[], scope: Scope): Set<Relation> {
  const names = conditions.map((condition) =>
    condition.kind === "is-null" && !condition.isNot && condition.operand.kind === "column"
      ? condition.operand.parts
      : [],
  );
  const told = names.filter((parts) => neverNull.has((parts.at(-1)?.value ?? "").toLowerCase()));
  return new Set(told.flatMap((parts) => ownerOf(scope, parts) ?? []));
}

type View = { relation: Relation; name: string; needs: readonly Aspect[] };

/** More views than a real query joins are not compared. */
const maxViews = 20;

function viewsOf({ relations }: Scope): View[] {
  const views = relations.flatMap((relation): View[] => {
    const name = relation.table?.name ?? "";
    if (name.toLowerCase() === "_job") return [{ relation, name, needs: ["job" as const] }];
    return trackingViews.has(name.toLowerCase())
      ? [{ relation, name, needs: ["job" as const, "subscriber" as const] }]
      : [];
  });
  return views.length > maxViews ? [] : views;
}

function missingBetween(links: Links, one: View, other: View): Aspect[] {
  const needs = one.needs.filter((aspect) => other.needs.includes(aspect));
  // Two reads of the jobs alone do not multiply sends.
  if (one.needs.length + other.needs.length === 2) return [];
  return needs.filter((aspect) => !links.isLinked(wordOf(one.relation, aspect), wordOf(other.relation, aspect)));
}

const columnOf = { job: "JobID", subscriber: "SubscriberID" } as const;

function remarkOf(one: View, other: View, missing: readonly Aspect[], isAlone: boolean): Remark {
  const columns = missing.map((aspect) => columnOf[aspect]);
  const [left, right] = [one.relation.alias, other.relation.alias];
  const batch = missing.includes("job") && one.needs.length + other.needs.length === 4 ? ["BatchID"] : [];
  const conditions = [...columns, ...batch].map((column) => `${right}.${column} = ${left}.${column}`);
  const multiply = isAlone ? "" : ", and rows multiply";
  const words = [one.name, other.name, columns.join(" and "), multiply, conditions.join(" AND ")];
  return { ...said("VIEW_JOIN", ...words), severity: "warning" };
}

function findingsOf(read: ReadSelect): Finding[] {
  const { select, scope } = read;
  const views = viewsOf(scope);
  if (views.length < 2) return [];
  const conditions = singleConditions(select);
  const links = openLinks();
  for (const condition of conditions) linkCondition(links, condition, scope);
  const alone = unmatched(conditions, scope);
  const tables = namedTables(select);
  const hidesRepeats = openRepeats(read);
  return views.flatMap((other, index) => {
    for (const one of views.slice(0, index)) {
      const missing = missingBetween(links, one, other);
      const isAlone = alone.has(one.relation) || alone.has(other.relation);
      // Nobody who opened anything at all may well be meant.
      const isMeant = isAlone && missing.includes("job");
      // Without the subscriber, even a MAX is another person's.
      const isHarmless = isMeant || (!missing.includes("subscriber") && hidesRepeats(one.relation, other.relation));
      const table = tables.find(({ alias }) => isSameName(alias, other.relation.alias));
      if (missing.length > 0 && !isHarmless && table !== undefined)
        return [{ ...placeOf(table.parts), remark: remarkOf(one, other, missing, isAlone) }];
    }
    return [];
  });
}

/** Tracking views joined without the job or the subscriber: each open meets each click, and counts grow. */
export function trackingJoinFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap(findingsOf);
}
