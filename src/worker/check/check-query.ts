import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { checkLocally, type ListedTables } from "#inspect/check-locally.ts";
import { checkAlone, inspect, type Inspection } from "#inspect/inspect.ts";
import { findTarget } from "#inspect/target/find-target.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { scopesText } from "#mce/scopes.ts";
import type { Target } from "#protocol/target.ts";
import type { OutputColumn } from "#sql/fields.ts";
import type { How } from "#sql/rewrite/rewrite.ts";
import type { AppEnv } from "../app-types.ts";
import type { Catalogue } from "../schema/catalogue.ts";
import { loadCatalogue } from "../schema/load-catalogue.ts";
import { targetView } from "./target-view.ts";

type Vars = Pick<AppEnv["Variables"], "user" | "config" | "clients">;

/** What somebody wants to know about a text. */
export type Wanted = { sql: string; validate: boolean; target?: Target | undefined; total?: boolean | undefined };

const unread = "Not checked: the fields of the query's Data Extensions could not be read from Marketing Cloud";
const noConnection = "Not validated: the connection to Marketing Cloud cannot be read right now";
const noTarget = "Not compared with the target: it could not be read from Marketing Cloud";

/** Checks a query, and compares it with its target. @param mce undefined: the connection cannot be read right now */
export async function checkQuery(vars: Vars, mce: Mce | undefined, wanted: Wanted) {
  const { checked, unread: failure } = mce === undefined ? withoutMce(vars, wanted) : await withMce(vars, mce, wanted);
  const { ok, diagnostics, tables, sql, look, portable } = checked;
  const columns = checked.columns.map(columnOf);
  const judged =
    wanted.target === undefined
      ? {}
      : await judgeTarget(vars, mce, wanted.target, { written: wanted.sql, ...given({ sql }), columns }, wanted);
  const notes = [
    ...checked.notes,
    ...(failure === undefined ? [] : [unreadFor(failure)]),
    ...("note" in judged && judged.note !== undefined ? [judged.note] : []),
  ];
  const target = "view" in judged ? judged.view : undefined;
  return { ok, diagnostics, tables, columns, ...given({ runs: look?.sql ?? sql, portable, target }), notes };
}

function withMce({ user, config, clients }: Vars, mce: Mce, { sql, validate, ...wanted }: Wanted): Promise<Inspection> {
  const { platform, metadata, verdicts } = clients;
  const asking = { platform, mce, unit: user, metadata, how: howOf(wanted) };
  if (validate) return inspect(sql, { ...asking, verdicts, validateTimeoutMs: config.settings.validateTimeoutMs });
  const isParent = mce.mid === mce.eid;
  const listed = async (): Promise<Answer<ListedTables>> => {
    const read = await clients.catalogues.read(user, () => loadCatalogue(mce, platform.now()));
    return read.ok ? ok(listedIn(read.value, isParent)) : read;
  };
  return checkLocally(sql, { ...asking, listed });
}

/** The parent reads what it shares with and without `Ent.`. */
function listedIn({ tables, byName }: Catalogue, isParent: boolean): ListedTables {
  return {
    names: tables.flatMap(({ name, kind }) => (kind === "data-view" || name.startsWith("Ent.") ? [] : [name])),
    has: ({ name, ent }) => byName.has((ent && !isParent ? "ent." : "") + name.toLowerCase()),
  };
}

/** Checks the text alone. */
function withoutMce({ user, clients }: Vars, { sql, validate, ...wanted }: Wanted): Inspection {
  const checked = checkAlone(sql, { platform: clients.platform, unit: user, how: howOf(wanted) });
  return { checked: { ...checked, notes: [...checked.notes, ...(validate ? [noConnection] : []), unread] } };
}

async function judgeTarget(
  { user, clients }: Vars,
  mce: Mce | undefined,
  target: Target,
  query: Omit<Parameters<typeof targetView>[2], "isParent">,
  { validate }: Wanted,
): Promise<ReturnType<typeof targetView>> {
  if (mce === undefined) return { note: noTarget };
  const place = `${user.tenantId}/${user.mid}/${target.customerKey}`;
  const known = validate ? undefined : clients.targets.get(place);
  const found = known === undefined ? await findTarget(mce, { customerKey: target.customerKey }) : ok(known);
  if (!found.ok) return { note: noTarget };
  if (known === undefined) clients.targets.set(place, found.value);
  return targetView(found.value, target, { ...query, isParent: mce.mid === mce.eid });
}

/** Names the missing permission, if that is the reason: nothing else helps then. */
function unreadFor(failure: MceFailure): string {
  const needs = failure.kind === "forbidden" ? failure.needs : undefined;
  return needs === undefined ? unread : `${unread}: the connection needs ${scopesText(needs)}`;
}

/** How the query would run. */
function howOf({ target, total }: Pick<Wanted, "target" | "total">): How {
  return { isInto: target !== undefined, isTotal: total === true };
}

function columnOf({ name, fieldType, field: _field, ...rest }: OutputColumn) {
  return { name, type: fieldType, ...rest };
}
