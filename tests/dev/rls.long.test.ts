import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeMatrix } from "../proofs/rls/matrix.ts";
import { openSeeded } from "../proofs/rls/open.ts";
import { engines, type Engine } from "./support/engines.ts";

const kind = engines.find(({ name }) => name === "a PostgreSQL server") ?? expect.unreachable();
/** `.ci/run` installs one, so there its absence is a failure. */
const isTried = kind.isHere || process.env["SQE_TESTS_NEED_POSTGRES"] !== undefined;
const test = it.skipIf(!isTried);

describe("row level security on a PostgreSQL server (skipped where it is not installed)", () => {
  let engine: Engine;
  beforeAll(async () => {
    if (isTried) engine = await kind.open();
  });
  afterAll(async () => {
    if (kind.isHere) await engine.close();
  });

  /** The holes of a database in which something was changed. */
  async function holesAfter(change: string): Promise<readonly string[]> {
    const { admin } = await openSeeded(engine);
    await admin.query(change);
    return (await makeMatrix(admin)).holes;
  }

  test("lets nobody but its owner reach a row", async () => expect(await holesAfter("select")).toEqual([]));

  test.each<[string, string, readonly string[]]>([
    [
      "a table that nobody has thought about",
      "create table sqe.forgotten (id int); grant select on sqe.forgotten to sqe_app",
      [
        "forgotten has no rule",
        "forgotten does not enable row level security",
        "forgotten does not force row level security",
        "forgotten has no row of the victim's",
        "forgotten has no row of the other tenant's",
      ],
    ],
    ["a table elsewhere", "create table public.aside (id int)", ["public.aside is not in our schema"]],
    ["a policy that is gone", "drop policy own_runs on sqe.runs", ["runs: select by the owner reaches nothing"]],
    [
      "a policy for everybody",
      "drop policy own_runs on sqe.runs; create policy own_runs on sqe.runs for select to sqe_app using (true)",
      ["no setting", "empty setting", "no id", "other tenant", "other user", "no user"].map(
        (caller) => `runs: select by ${caller} reaches 3`,
      ),
    ],
    [
      "a policy that asks for the tenant alone where a user is meant",
      "alter policy own_runs on sqe.runs using (tenant_id = sqe.current_tenant())",
      ["runs: select by other user reaches 3", "runs: select by no user reaches 3"],
    ],
    [
      "rows that may be given away",
      "alter policy own_tenant on sqe.sweeps with check (true)",
      [
        ...["no setting", "empty setting", "no id"].map((caller) => `sweeps: insert by ${caller} reaches 1`),
        "sweeps: insert by other tenant reaches 1",
        "sweeps: give by other tenant reaches 1",
      ],
    ],
    [
      "a table that does not bind its owner",
      "alter table sqe.grants no force row level security",
      ["grants does not force row level security"],
    ],
    [
      "a right too many",
      "grant delete on sqe.audit_log to sqe_app",
      [
        "audit_log: delete by other user reaches 1",
        "audit_log: delete by no user reaches 1",
        "audit_log: delete by the owner reaches 1",
      ],
    ],
    [
      "a table without rows",
      "delete from sqe.issuers",
      ["issuers has no row of the victim's", "issuers has no row of the other tenant's"],
    ],
    [
      "a function for everybody",
      "grant execute on function sqe.count_runs to public; alter function sqe.count_runs reset search_path",
      ["count_runs() does not fix its search_path", "count_runs() lets in sqe_app, sqe_system, sqe_sweeper"],
    ],
    [
      "a function that asks for no secret",
      `create or replace function sqe.use_operator_key(wanted text, hash text) returns table (name text, revoked_at timestamptz)
        language sql volatile security definer set search_path = pg_catalog, pg_temp
        as $$ select key.name, key.revoked_at from sqe.operator_keys as key where key.id = wanted $$`,
      ["use_operator_key() answers for another tenant, or changes its rows"],
    ],
  ])("finds %s", async (_, change, holes) => {
    expect(await holesAfter(change)).toEqual(holes);
  });
});
