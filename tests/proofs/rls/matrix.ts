import type { Session } from "../../../scripts/migrations/session.ts";
import { readStrays, readTables, type Table } from "./catalogue.ts";
import { tryFunctions, type FoundFunction } from "./functions.ts";
import { operations, tableRules, type Operation } from "./rules.ts";
import { stranger, victim } from "./seed.ts";
import { attempt, type Attempt, type Caller } from "./try.ts";

/** One attempt, and what is wrong with how it ended. */
export type Cell = { table: string; caller: string; operation: Operation; attempt: Attempt; hole?: string };

export type Matrix = {
  tables: readonly string[];
  cells: readonly Cell[];
  functions: readonly FoundFunction[];
  /** One line for each. */
  holes: readonly string[];
};

/** Without a claim comes first: a setting of a session that was set once never is unset again. */
export const callers: readonly Caller[] = [
  { name: "no setting", role: "sqe_app" },
  { name: "empty setting", role: "sqe_app", claim: { tenant: "", user: "" } },
  { name: "no id", role: "sqe_app", claim: { tenant: "a", user: "alice" } },
  // Of the same name, on purpose.
  { name: "other tenant", role: "sqe_app", claim: { tenant: stranger.tenant, user: "alice" } },
  { name: "other user", role: "sqe_app", claim: { tenant: victim.tenant, user: "bob" } },
  { name: "no user", role: "sqe_app", claim: { tenant: victim.tenant, user: "" } },
  { name: "the owner", role: "sqe_app", claim: { tenant: victim.tenant, user: "alice" } },
  { name: "sqe_system", role: "sqe_system", claim: { tenant: victim.tenant, user: "alice" } },
  { name: "sqe_sweeper", role: "sqe_sweeper", claim: { tenant: victim.tenant, user: "alice" } },
  { name: "another role", role: "sqe_proof", claim: { tenant: victim.tenant, user: "alice" } },
];

/** Tries everything on everything. @param admin a superuser's session, new, in a migrated and seeded database */
export async function makeMatrix(admin: Session): Promise<Matrix> {
  const { rows } = await admin.query("select current_setting('app.tenant', true) is null as none");
  if (rows[0]?.["none"] !== true) throw new Error("Cannot try without a setting: this session has had one");
  const tables = await readTables(admin);
  const cells: Cell[] = [];
  for (const caller of callers)
    for (const table of tables.filter(({ ctids }) => ctids.length > 0))
      for (const operation of operations) {
        const came = await attempt(admin, caller, table, operation);
        cells.push(judge({ table: table.name, caller: caller.name, operation, attempt: came }));
      }
  const functions = await tryFunctions(admin, tables);
  const holes = [
    ...(await readStrays(admin)).map((name) => `${name} is not in our schema`),
    ...tables.flatMap(wrongWith),
    ...Object.keys(tableRules).flatMap((name) =>
      tables.some((it) => it.name === name) ? [] : `${name} does not exist`,
    ),
    ...cells.flatMap(({ table, caller, operation, hole }) =>
      hole ? `${table}: ${operation} by ${caller} ${hole}` : [],
    ),
    ...functions.flatMap(({ name, holes: some }) => some.map((hole) => `${name}() ${hole}`)),
  ];
  return { tables: tables.map(({ name }) => name), cells, functions, holes };
}

/** What is wrong with a table itself, or makes its attempts prove nothing. */
function wrongWith({ name, kind, isEnabled, isForced, ownedBy, ctids, strangers }: Table): string[] {
  const rule = tableRules[name];
  return [
    ...(rule === undefined ? [`${name} has no rule`] : []),
    ...(kind === "r" ? [] : [`${name} is no plain table`]),
    ...(isEnabled ? [] : [`${name} does not enable row level security`]),
    ...(isForced ? [] : [`${name} does not force row level security`]),
    ...(ctids.length > 0 ? [] : [`${name} has no row of the victim's`]),
    ...(strangers > 0 ? [] : [`${name} has no row of the other tenant's`]),
    ...(rule === undefined || rule.reach === "nobody" || ownedBy !== undefined
      ? []
      : [`${name} does not say whose a row is`]),
  ];
}

/** Says what is wrong with an attempt. */
function judge(cell: Omit<Cell, "hole">): Cell {
  const { attempt: came, operation, caller, table } = cell;
  const rule = tableRules[table];
  const isInside = caller === "the owner" || (rule?.reach === "tenant" && ["other user", "no user"].includes(caller));
  const isRight = isInside && rule?.may.includes(operation) === true;
  if ("refused" in came) {
    const isExpected = came.refused === "42501" || (caller === "no id" && came.refused === "22P02");
    if (!isExpected) return { ...cell, hole: `ended with ${came.refused}` };
    return isRight ? { ...cell, hole: "is refused" } : cell;
  }
  if (isRight) return came.reached > 0 ? cell : { ...cell, hole: "reaches nothing" };
  return came.reached === 0 ? cell : { ...cell, hole: `reaches ${came.reached}` };
}
