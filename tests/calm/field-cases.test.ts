import { expect, it, onTestFinished, test } from "vitest";
import { openMce } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import type { Target } from "#protocol/target.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { fetchFrom } from "../../sandbox/in-process.ts";
import { mceDeps } from "../support/platform.ts";
import { openCalmWorld } from "./support/calm-world.ts";

const minute = 60_000;
const account = {
  connectionId: "c",
  mid: 7000001,
  eid: 7000001,
  subdomain: "mcsandbox-enterprise-a000001",
  clientId: "sandbox-client-a",
  clientSecret: "sandbox-secret-a",
};

/** One run of a query in a situation that people in this job have reported. */
async function live(
  sql: string,
  {
    faults = [],
    tables = [],
    target,
  }: { faults?: readonly Fault[]; tables?: readonly [string, string][]; target?: Target },
) {
  const world = openCalmWorld(3000);
  onTestFinished(() => world.close());
  const { sandbox, clock } = world;
  const mce = openMce(account, mceDeps({ fetch: fetchFrom(sandbox), now: clock.now, sandboxUrl: sandbox.url }));
  const folder = sandbox.store.folders.find(
    ({ contentType, mid }) => contentType === "dataextension" && mid === account.mid,
  );
  for (const [customerKey, name] of tables) {
    const fields = [{ name: "Id", fieldType: "Text", maxLength: 50 }] as const;
    const made = await createDataExtension(mce, { customerKey, name, folderId: folder?.id ?? 0, fields });
    expect(made.ok).toBe(true);
  }
  for (const fault of faults) world.fail(fault);
  const id = world.submit(sql, target);
  await world.over(id, 40 * minute);
  await world.clock.pass(10 * minute);
  expect(world.bugs).toEqual([]);
  return { world, run: world.run(id) };
}

test.each(["Typed", "Typed Members 2", "TYPED", "typed members 2"])(
  "a key with blanks is not mistaken for another key with the same beginning: %s",
  async (customerKey) => {
    const tables: [string, string][] = [
      ["Typed", "Short"],
      ["Typed Members 2", "Long"],
    ];
    const { run, world } = await live("SELECT 'x' AS Id", { tables, target: { customerKey, mode: "append" } });
    expect(run.status).toBe("ready");
    const query = world.sandbox.store.queries.at(-1);
    expect([query?.targetName, query?.targetKey.toLowerCase()]).toEqual([
      customerKey.includes(" ") ? "Long" : "Short",
      customerKey.toLowerCase(),
    ]);
  },
);

it("a name in place of the key is not a target, and the run says what is expected", async () => {
  const target: Target = { customerKey: "Its Name", mode: "append" };
  const { run } = await live("SELECT 'x' AS Id", { tables: [["its-key", "Its Name"]], target });
  expect(run.status === "failed" && run.error).toMatchObject({
    code: "TARGET_NOT_FOUND",
    detail: expect.stringContaining("external key"),
    fix: expect.stringContaining("external key"),
  });
});

test.each([
  "SOAP Retrieve DataExtension",
  "SOAP Retrieve DataFolder",
  "SOAP Create DataExtension",
  "SOAP Create QueryDefinition",
  "SOAP Perform",
  "SOAP Retrieve AsyncActivityStatus",
  "SOAP Delete QueryDefinition",
])("a Login Failed with good credentials gets a new token: %s", async (call) => {
  const { run, world } = await live("SELECT TOP 10 CustomerKey FROM Customers", {
    faults: [{ call, nth: 1, times: 1, as: "login-failed" }],
  });
  expect(run.status).toBe("ready");
  expect(world.calls().filter(({ call: name }) => name === "AUTH token").length).toBeGreaterThan(1);
});

it("a token endpoint that answers 500 twice only takes time", async () => {
  const { run } = await live("SELECT TOP 10 CustomerKey FROM Customers", {
    faults: [{ call: "AUTH token", nth: 1, times: 2, status: 500, body: "" }],
  });
  expect(run).toMatchObject({ status: "ready", notes: [expect.stringContaining("Not validated")] });
});
