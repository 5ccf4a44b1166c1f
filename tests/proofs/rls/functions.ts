import type { Session } from "../../../scripts/migrations/session.ts";
import type { Table } from "./catalogue.ts";
import { functionRules, roles, type Role } from "./rules.ts";
import { comeBack } from "./seed.ts";
import { become } from "./try.ts";

/** A function that works with its owner's rights, as it was found. */
export type FoundFunction = {
  name: string;
  /** The roles that were let in. */
  callers: readonly Role[];
  /** Whether a question for what is another tenant's was asked, and answered with nothing. */
  isProbed: boolean;
  holes: readonly string[];
};

/** The only settings that keep a caller from putting tables of its own in the way. */
const settings = ["search_path=pg_catalog, pg_temp"];

/** Tries every SECURITY DEFINER function outside of Postgres' own schemas. @param tables what the probes must leave alone */
export async function tryFunctions(admin: Session, tables: readonly Table[]): Promise<FoundFunction[]> {
  const { rows } = await admin.query(`
    select p.proname as name, p.oid::regprocedure::text as signature, owner.rolname as owner, to_json(p.proconfig) as settings,
      (select json_agg(format_type(t, null) order by at) from unnest(p.proargtypes) with ordinality as it (t, at)) as takes,
      (select json_agg(p.proargnames[at] order by at) from unnest(p.proargmodes) with ordinality as it (mode, at)
        where mode = 't') as gives
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace join pg_roles as owner on owner.oid = p.proowner
    where p.prosecdef and n.nspname !~ '^(pg_|information_schema$)' order by 1`);
  const found: FoundFunction[] = [];
  for (const row of rows) found.push(await tryFunction(admin, tables, row));
  const gone = Object.keys(functionRules).filter((name) => !found.some((it) => it.name === name));
  return [...found, ...gone.map((name) => ({ name, callers: [], isProbed: false, holes: ["does not exist"] }))];
}

async function tryFunction(
  admin: Session,
  tables: readonly Table[],
  row: Record<string, unknown>,
): Promise<FoundFunction> {
  const name = String(row["name"]);
  const rule = functionRules[name];
  const holes: string[] = [];
  if (rule === undefined) holes.push("has no rule");
  if (row["owner"] !== "sqe_definer") holes.push(`is owned by ${String(row["owner"])}`);
  if (JSON.stringify(row["settings"]) !== JSON.stringify(settings)) holes.push("does not fix its search_path");
  // json_agg of names.
  const gives = ((row["gives"] ?? []) as string[]).join(", ");
  if (gives !== (rule?.gives ?? "")) holes.push("gives other columns");
  // json_agg of texts.
  const args = ((row["takes"] ?? []) as string[]).map((type) => `null::${type}`).join(", ");
  const callers: Role[] = [];
  for (const role of roles)
    if (await isLetIn(admin, role, `select ${String(row["signature"]).replace(/\(.*$/, "")}(${args})`))
      callers.push(role);
  if (callers.join() !== (rule?.caller ?? "")) holes.push(`lets in ${callers.join(", ") || "nobody"}`);
  const { probe, caller } = rule ?? {};
  if (probe !== undefined && caller !== undefined && !(await isUnanswered(admin, tables, caller, probe)))
    holes.push("answers for another tenant, or changes its rows");
  return { name, callers, isProbed: probe !== undefined, holes };
}

/** Calls with null for everything: Postgres asks for the right first. */
async function isLetIn(admin: Session, role: Role, call: string): Promise<boolean> {
  await become(admin, { name: role, role });
  return admin
    .query(call)
    .then(
      () => true,
      ({ code }: { code?: string }) => code !== "42501",
    )
    .finally(() => admin.query("rollback"));
}

async function isUnanswered(admin: Session, tables: readonly Table[], role: Role, probe: string): Promise<boolean> {
  await become(admin, { name: role, role });
  try {
    if ((await admin.query(probe)).rows.length > 0) return false;
    await admin.query(comeBack);
    for (const { name, isVictims, ctids } of tables) {
      const { rows } = await admin.query(`select ctid::text from sqe.${name} where ${isVictims}`);
      const left = rows.map(({ ctid }) => String(ctid));
      // A hand-off counts how often it was asked for.
      if (name !== "handoffs" && left.toSorted().join() !== ctids.toSorted().join()) return false;
    }
    return true;
  } finally {
    await admin.query("rollback");
  }
}
