import type { Session } from "../../../scripts/migrations/session.ts";
import type { Table } from "./catalogue.ts";
import type { Operation, Role } from "./rules.ts";
import { comeBack, victim } from "./seed.ts";

/** Who tries: a role, and what it claims. Absent: nothing was ever claimed in the session. */
export type Caller = { name: string; role: Role; claim?: { tenant: string; user: string } };

/** What an attempt came to: how many of the victim's rows it reached, or with which code of SQLSTATE Postgres refused it. */
export type Attempt = { reached: number } | { refused: string };

/** Tries an operation as somebody, and takes it back. @param admin a superuser's session, which becomes the caller's */
export async function attempt(admin: Session, caller: Caller, table: Table, operation: Operation): Promise<Attempt> {
  await become(admin, caller);
  try {
    const { rows } = await admin.query(statementFor(table, caller.role, operation));
    if (operation === "select") return { reached: await countSeen(admin, table, rows) };
    if (operation === "insert") return { reached: 1 };
    await admin.query(comeBack);
    const after = await admin.query(`select ctid::text from sqe.${table.name} where ${table.isVictims}`);
    const left = new Set(after.rows.map(({ ctid }) => String(ctid)));
    const { ctids } = table;
    return { reached: operation === "give" ? left.size - ctids.length : ctids.filter((it) => !left.has(it)).length };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string") throw error;
    // Row level security is asked before constraints are: what breaks one of them (class 23) has passed.
    return code.startsWith("23") ? { reached: 1 } : { refused: code };
  } finally {
    await admin.query("rollback");
  }
}

/** Begins a transaction, in which the session is the caller's. */
export async function become(admin: Session, { role, claim }: Caller): Promise<void> {
  const claimed =
    claim === undefined
      ? ""
      : `select set_config('app.tenant', '${claim.tenant}', true), set_config('app.user', '${claim.user}', true);`;
  await admin.query(`begin; ${claimed} set local session authorization ${role}`);
}

/** The widest statement that the role has a right to; where it has none, one that must be refused. */
function statementFor({ name, ownedBy, row, ...table }: Table, role: Role, operation: Operation): string {
  const target = `sqe.${name}`;
  const columns = table.rights[`${role} ${operation}`] ?? table.columns;
  const list = columns.join(", ");
  switch (operation) {
    case "select":
      return `select to_jsonb(it)::text as row from (select ${list} from ${target}) as it`;
    case "insert":
      return `insert into ${target} (${list}) select ${list} from jsonb_populate_record(null::${target}, '${row.replaceAll("'", "''")}')`;
    case "update":
      return `update ${target} set ${columns.map((one) => `${one} = ${one}`).join(", ")}`;
    case "give":
      // Without a condition, which would ask for the right to see the row as it becomes.
      return ownedBy === undefined
        ? `update ${target} set ${columns[0]} = ${columns[0]}`
        : `update ${target} set ${ownedBy} = '${victim.tenant}'`;
    case "delete":
      return `delete from ${target}`;
    case "truncate":
      return `truncate ${target} cascade`;
  }
}

/** How many of the rows seen are the victim's, by the columns seen. */
async function countSeen(admin: Session, table: Table, seen: readonly Record<string, unknown>[]): Promise<number> {
  if (seen.length === 0) return 0;
  await admin.query(comeBack);
  const columns = Object.keys(JSON.parse(String(seen[0]?.["row"])) as object).join(", ");
  const { rows } = await admin.query(
    `select to_jsonb(it)::text as row from (select ${columns} from sqe.${table.name} where ${table.isVictims}) as it`,
  );
  const theirs = new Set(rows.map(({ row }) => String(row)));
  return seen.filter(({ row }) => theirs.has(String(row))).length;
}
