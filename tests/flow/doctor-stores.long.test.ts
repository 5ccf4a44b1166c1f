import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { tenants } from "../../dev/stack/seed.ts";
import { openDoctor } from "./support/doctor.ts";
import { openSandboxDoor } from "./support/sandbox.ts";
import { startStack, type TestStack } from "./support/stack.ts";

let stack: TestStack;
let doctor: Awaited<ReturnType<typeof openDoctor>>;
beforeAll(async () => {
  stack = await startStack();
  doctor = await openDoctor(stack);
});
afterAll(() => stack.stop());
afterEach(async () => {
  const door = openSandboxDoor(stack.sandbox);
  await door.ask("faults", undefined, "DELETE");
  await door.behave({ invalidClient: false });
});

describe("postgres", () => {
  test("a role in the place of another", async () => {
    const { DATABASE_URL: url = "" } = doctor.healthy.worker ?? {};
    expect(await doctor.brokenBy("postgres", { worker: { DATABASE_SYSTEM_URL: url } })).toEqual([
      "DATABASE_SYSTEM_URL logs in as another role than sqe_system",
    ]);
  });

  test("a password that is refused, without showing it", async () => {
    const url = (doctor.healthy.bridge?.["DATABASE_SWEEPER_URL"] ?? "").replace(/:[^:@]+@/, ":hunter2hunter2@");
    const lines = await doctor.linesOf("postgres", { bridge: { DATABASE_SWEEPER_URL: url } });
    expect(lines).toContainEqual(
      expect.objectContaining({ what: "Postgres refuses the user or password of DATABASE_SWEEPER_URL" }),
    );
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });

  test("no answer", async () => {
    const endpoint = { NEON_FETCH_ENDPOINT: `http://127.0.0.1:${await freePort()}/sql` };
    expect(await doctor.brokenBy("postgres", { worker: endpoint, bridge: endpoint })).toEqual([
      "Postgres does not answer at DATABASE_URL",
      "Postgres does not answer at DATABASE_SYSTEM_URL",
      "Postgres does not answer at DATABASE_SWEEPER_URL",
    ]);
  });

  test("a role that row level security does not bind", async () => {
    await doctor.withSql("alter role sqe_sweeper bypassrls", "alter role sqe_sweeper nobypassrls");
    expect(await doctor.brokenBy("postgres")).toEqual([
      'DATABASE_SWEEPER_URL: role "sqe_sweeper" may bypass row level security',
    ]);
  });

  test("a table that does not force it", async () => {
    await doctor.withSql(
      "alter table sqe.runs no force row level security",
      "alter table sqe.runs force row level security",
    );
    expect(await doctor.brokenBy("postgres")).toContain(
      "DATABASE_URL: table sqe.runs does not force row level security",
    );
  });

  test("a migration that is pending, and a Worker that starts then is not healthy", async () => {
    await doctor.withSql(
      `update public.pgmigrations set name = 'hidden' where name = '${neededMigration}'`,
      `update public.pgmigrations set name = '${neededMigration}' where name = 'hidden'`,
    );
    expect(await doctor.brokenBy("postgres")).toEqual([`Migrations are pending: ${neededMigration}`]);
    await stack.restart("edge");
    expect(await doctor.brokenBy("edge")).toEqual([
      `The Worker is not healthy: Cannot start: the database lacks migration ${neededMigration}; run npm run migrate first`,
    ]);
  });
});

describe("projection", () => {
  const own = "tenant_id = sqe.current_tenant() and user_id = sqe.current_user_id()";
  test("a row that its owner cannot read", async () => {
    await doctor.withSql(
      "drop policy own_runs on sqe.runs",
      `create policy own_runs on sqe.runs for select to sqe_app using (${own})`,
    );
    expect(await doctor.brokenBy("projection")).toEqual(["A run's row that was written is not there"]);
  });

  test.each(["true", "tenant_id = sqe.current_tenant()"])("a row that others see: %s", async (policy) => {
    await doctor.withSql(
      `create policy leak on sqe.runs for select to sqe_app using (${policy})`,
      "drop policy leak on sqe.runs",
    );
    expect(await doctor.brokenBy("projection")).toEqual(["A run's row is visible to another tenant or user"]);
  });
});

describe("mce", () => {
  const [{ connectionId }] = tenants;
  const where = `Connection ${connectionId}, MID 7000011`;
  const fault = (call: string, more: object) =>
    openSandboxDoor(stack.sandbox).ask("faults", [{ call, mid: 7000011, times: 20, ...more }]);

  test("a secret that no key opens", async () => {
    const keys = { VAULT_KEYS: `kid1:${Buffer.alloc(32, 9).toString("base64")}` };
    const broken = await doctor.brokenBy("mce", { worker: keys, bridge: keys });
    expect(broken).toHaveLength(4);
    expect(broken).toContain(`${where}: its secret cannot be opened`);
  });

  test("credentials that are refused", async () => {
    await openSandboxDoor(stack.sandbox).behave({ invalidClient: true });
    expect(await doctor.brokenBy("mce")).toContain(
      `${where}: Marketing Cloud refuses the credentials or the business unit`,
    );
  });

  test("scopes that are lacking", async () => {
    const urls = { rest_instance_url: stack.sandbox, soap_instance_url: stack.sandbox };
    const body = {
      access_token: "x",
      token_type: "Bearer",
      expires_in: 1079,
      scope: "data_extensions_read offline",
      ...urls,
    };
    await openSandboxDoor(stack.sandbox).ask("faults", [{ call: "AUTH token", times: 20, status: 200, body }]);
    const broken = await doctor.brokenBy("mce");
    expect(broken).toContainEqual(
      expect.stringMatching(/lacks Data Extensions Write, Automations Read and Write and Execute/),
    );
  });

  test.each([
    ["AUTH token", "throttled", "no token: Marketing Cloud asks for a pause"],
    ["SOAP Retrieve DataFolder", "no-scope", "its folders cannot be read over SOAP: Marketing Cloud refuses"],
    [
      "SOAP Retrieve DataFolder",
      "server-error",
      "its folders cannot be read over SOAP: Marketing Cloud does not answer in time",
    ],
    ["REST rowset", "no-scope", "rows cannot be read over REST: Marketing Cloud refuses"],
    ["REST rowset", "throttled", "rows cannot be read over REST: Marketing Cloud asks for a pause"],
  ])("%s answers %s", async (call, as, broken) => {
    await fault(call, { as });
    expect(await doctor.brokenBy("mce")).toContainEqual(expect.stringContaining(broken));
  });
});

describe("cron", () => {
  test("no sweep within two hours, where Cron Triggers should fire", async () => {
    const production = { SQE_ENV: "production" };
    await doctor.admin("delete from sqe.sweeps");
    expect(await doctor.brokenBy("cron", { worker: production })).toEqual([
      expect.stringMatching(/^4 of 4 business units were not swept within 2 h; MID \d+: never$/),
    ]);
    await doctor.admin(
      `insert into sqe.sweeps (tenant_id, mid, sweep_id, found, deleted, failed)
       select known.tenant_id, one.mid, 's', 0, 0, 0 from sqe.connections as known, unnest(known.mids) as one (mid)`,
    );
    expect((await doctor.linesOf("cron", { worker: production })).map(({ state }) => state)).toEqual(["ok"]);
  });
});
