import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { checkGuarded } from "#sql/check.ts";
import type { TableRef } from "#sql/fields.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { readGuarded } from "#sql/query.ts";
import type { How } from "#sql/rewrite/rewrite.ts";
import { checkGuardedAlone, contextOf, contextWith, withRefused, type Inspection, refusedOf } from "./inspect.ts";
import type { Known, Metadata, Unit } from "./metadata.ts";

/** What tables there are, as a list that may be some minutes old says. */
export type ListedTables = {
  /** The business unit's own names, to find the one that was meant. */
  names: readonly string[];
  has(table: TableRef): boolean;
};

/** Whom to ask, and what is known already. */
export type LocalAsking = {
  platform: Pick<Platform, "now">;
  mce: Mce;
  unit: Unit;
  metadata: Metadata;
  /** How the query is to run; absent: as a look. */
  how?: How;
  /** Lists the tables there are; asked only when the fields of one are not remembered. */
  listed: () => Promise<Answer<ListedTables>>;
};

/** As old as fields and lists may be while somebody types. */
const maxAgeMs = 5 * 60_000;

/**
 * Checks a query without MCE's own check, for somebody who is typing it. Marketing Cloud is asked for the fields of tables
 * that exist and are not remembered, and for nothing else: a name that is half typed costs no call.
 */
export async function checkLocally(text: string, asking: LocalAsking): Promise<Inspection> {
  const guarded = readGuarded(text);
  if (!guarded.ok) return { checked: checkGuarded(guarded, () => undefined) };
  const tables = tablesToAsk(guarded.query);
  const { metadata, mce, unit } = asking;
  const isMissing = (table: TableRef) => metadata.peek(unit, table) === undefined;
  const listed = tables.some(isMissing) ? await asking.listed() : undefined;
  if (listed?.ok === false) {
    return { checked: checkGuardedAlone(guarded, contextOf(asking)), unread: listed.error };
  }
  const names = listed?.value;
  const known = tables.filter((table) => !isMissing(table) || names?.has(table) === true);
  const read: Answer<Known> = known.length === 0 ? ok(nothing) : await metadata.read(mce, unit, known, { maxAgeMs });
  if (!read.ok) return { checked: checkGuardedAlone(guarded, contextOf(asking)), unread: read.error };
  const { fieldsOf } = read.value;
  const isShared = names && ((name: string) => names.has({ name, ent: true }));
  const context = { ...contextWith(asking, known, read.value), ...given({ tableNames: names?.names, isShared }) };
  return withRefused(checkGuarded(guarded, fieldsOf, context), refusedOf(known, read.value));
}

const nothing: Known = {
  fieldsOf: () => undefined,
  refusalOf: () => undefined,
  keyOf: () => undefined,
  isFresh: false,
};
