import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ConnectionId, Mid, RunId } from "#protocol/ids.ts";
import type { RunJob } from "#protocol/job.ts";
import { assetNames, customerKeyOf, folderName } from "#run/names.ts";
import { performsOf } from "./support/ledger.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });

type State = { dataExtensions: { key: string; name: string }[]; queries: { key: string; status: string }[] };

const sql = "SELECT * FROM Customers";

test.each(["SOAP Create DataExtension", "SOAP Create QueryDefinition"])(
  "a lost answer to %s leaves one asset, adopted by its key",
  async (call) => {
    await world.ask("faults", [{ call, drop: "after" }]);
    await world.startBridge();
    const id = await world.submit(sql);
    expect((await world.over(id)).status).toBe("ready");
    const { dataExtensions } = await world.ask<State>("state");
    expect(dataExtensions.filter(({ key }) => key.startsWith("QPP_"))).toHaveLength(1);
    await soon(async () => {
      const { queries } = await world.ask<State>("state");
      expect(queries.filter(({ key, status }) => key === customerKeyOf(id, 1) && status === "Active")).toEqual([]);
    });
  },
);

test("a Perform whose answer is lost is settled by reading: performed once, ready", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  await world.ask("faults", [{ call: "SOAP Perform", drop: "after" }]);
  await world.startBridge();
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
  expect((await performsOf(world)).performs).toBe(1);
});

test("a Perform that never arrived is sent again after MCE surely is not running it", async () => {
  await world.ask("faults", [{ call: "SOAP Perform", drop: "before" }]);
  await world.startBridge({ notRunningGraceMs: 1500 });
  const id = await world.submit(sql);
  const run = await world.over(id);
  expect(run).toMatchObject({ status: "ready", grant: { n: 2, state: "performed" } });
  expect((await performsOf(world)).performs).toBe(1);
});

test("a Perform MCE refuses for too many requests is granted anew and sent after the wait", async () => {
  const body = { message: "Rate limit exceeded", errorcode: 50100 };
  await world.ask("faults", [{ call: "SOAP Perform", status: 429, body, headers: { "Retry-After": "1" } }]);
  await world.startBridge();
  const run = await world.over(await world.submit(sql));
  expect(run).toMatchObject({ status: "ready", grant: { n: 2 } });
  expect((await performsOf(world)).performs).toBe(1);
});

test("a name that is taken gets a longer hash, and the other's table stays", async () => {
  await world.startBridge();
  const id = RunId.parse(`abcd${"0".repeat(26)}`);
  const other = RunId.parse(`abcd${"1".repeat(26)}`);
  for (const run of [other, id]) {
    world.edge.open(run, tenancy, sql);
    const job: RunJob = { kind: "run", runId: run, ...tenancy, flow: "run-to-temp", delivery: 1 };
    await world.put(job);
    expect((await world.over(run)).status).toBe("ready");
  }
  const { dataExtensions } = await world.ask<State>("state");
  const nameOf = (run: RunId) => dataExtensions.find(({ key }) => key === customerKeyOf(run, 1))?.name;
  expect(nameOf(other)).toBe(assetNames(other, undefined)[0]);
  expect(nameOf(id)).toBe(assetNames(id, undefined)[1]);
});

test("folders that a user has deleted are created again, and Postgres has the new ones", async () => {
  await world.startBridge();
  await world.over(await world.submit(sql));
  await world.ask("reset", {});
  await world.ask("behaviours", { durationMs: 300 });
  const runs = await Promise.all([1, 2, 3].map(async () => world.over(await world.submit(sql))));
  expect(runs.map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
  const { folders } = await world.ask<{ folders: { name: string; contentType: string }[] }>("state");
  const own = folders.filter(({ name }) => name === folderName);
  expect(own.map(({ contentType }) => contentType).sort()).toEqual(["dataextension", "queryactivity"]);
});

test("a refused retention period is left out, and the run says so", async () => {
  await world.ask("behaviours", { durationMs: 300, retentionRefused: true });
  await world.startBridge();
  const run = await world.over(await world.submit(sql));
  expect(run).toMatchObject({ status: "ready", notes: [expect.stringMatching(/retention/)] });
});

test("a query that fails and leaves rows is not ready while its status row cannot be read", async () => {
  const errorMsg = "Divide by zero error encountered.";
  await world.ask("behaviours", { durationMs: 3000, statusStuck: true, errorMsg, failedRun: "partial" });
  await world.startBridge();
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  await sleep(1700);
  await world.ask("faults", [{ call: "SOAP Retrieve AsyncActivityStatus", status: 503, times: 6 }]);
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED" } });
});

/** Changes the package that the tenant's connection signs in with. */
async function signInWith(clientId: string, clientSecret: string): Promise<void> {
  const { tenantId, connectionId, eid, mid } = tenancy;
  await world.query("delete from sqe.connections where id = $1", [connectionId]);
  const connection = { tenantId, connectionId, eid, mids: [mid], account: "a" as const };
  await world.seedConnection({ ...connection, clientId, clientSecret });
}

test("a connection that was renewed is used at once by a run that comes after the refusal", async () => {
  await world.ask("behaviours", { durationMs: 300 });
  await signInWith("sandbox-client-a", "not-the-secret");
  await world.startBridge();
  expect(await world.over(await world.submit(sql))).toMatchObject({ error: { code: "REAUTH_REQUIRED" } });
  await signInWith("sandbox-client-a", "sandbox-secret-a");
  const second = await world.over(await world.submit(sql));
  expect(second).toMatchObject({ status: "ready" });
});

test("a connection that was renewed is used at once by a run that is under way", async () => {
  await world.ask("behaviours", { durationMs: 4000 });
  await world.startBridge();
  const id = await world.submit(sql);
  await soon(() => expect(world.edge.run(id)).toMatchObject({ phase: "executing" }));
  await signInWith("sandbox-server-a", "sandbox-secret-a");
  await world.ask("faults", [{ call: "REST isrunning", status: 401, times: 2 }]);
  const run = await world.over(id);
  await signInWith("sandbox-client-a", "sandbox-secret-a");
  expect(run).toMatchObject({ status: "ready", epoch: 1 });
  expect((await performsOf(world)).performs).toBe(1);
});

test("a status stuck on Queued does not hide the end", async () => {
  await world.ask("behaviours", { durationMs: 3000, statusStuck: true });
  await world.startBridge();
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
});

test.each([
  ["its own table", sql, {}],
  ["a target", "SELECT 1 AS Id, 'x' AS Name", { target: { customerKey: "No Rows", mode: "append" as const } }],
])("a status row that comes late still shows that the query failed: into %s", async (_, text, options) => {
  const errorMsg = "Query failed during execution. Error: Divide by zero error encountered.";
  await world.ask("behaviours", { durationMs: 1600, statusMissingPolls: 3, errorMsg, errorTimes: 100 });
  await world.startBridge();
  const run = await world.over(await world.submit(text, options));
  expect(run).toMatchObject({ status: "failed", error: { code: "QUERY_FAILED" } });
});

test("a hostile Marketing Cloud still gives the rows", async () => {
  await world.ask("behaviours", { profile: "hostile", durationMs: 2000 });
  await world.startBridge({ notRunningGraceMs: 6000 });
  const run = await world.over(await world.submit(sql));
  expect(run.status === "ready" && run.rowCount).toBeGreaterThan(0);
});

test("a Marketing Cloud that is down ends the run as MCE_UNAVAILABLE, and the bridge goes on working", async () => {
  await world.ask("faults", [{ call: "*", times: 100, status: 503 }]);
  await world.startBridge({ mcePatienceMs: 800, retryMinMs: 100 });
  const run = await world.over(await world.submit(sql));
  expect(run).toMatchObject({ status: "failed", error: { code: "MCE_UNAVAILABLE" } });
  await world.ask("faults", undefined, "DELETE");
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
});

test("a Marketing Cloud that comes back in time only delays the run", async () => {
  await world.ask("faults", [{ call: "SOAP Create*", times: 2, status: 503 }]);
  await world.startBridge({ retryMinMs: 100 });
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
});

test("a connection that is not for the business unit ends the run as REAUTH_REQUIRED", async () => {
  await world.startBridge();
  const foreign = { ...tenancy, mid: Mid.parse(7000011) };
  const run = await world.over(await world.submit(sql, { tenancy: foreign }));
  expect(run).toMatchObject({ status: "failed", error: { code: "REAUTH_REQUIRED" } });
});

test("a connection of another tenant's is not found", async () => {
  await world.startBridge();
  const connectionId = ConnectionId.parse("11111111-1111-4111-8111-111111111111");
  const run = await world.over(await world.submit(sql, { tenancy: { ...tenancy, connectionId } }));
  expect(run).toMatchObject({ status: "failed", error: { code: "REAUTH_REQUIRED" } });
});

test("a query that outlasts the run's time ends it as TIMEOUT and is deleted", async () => {
  await world.ask("behaviours", { durationMs: 60_000 });
  await world.startBridge({ runTimeoutMs: 1500 });
  const id = await world.submit(sql);
  expect(await world.over(id)).toMatchObject({ status: "failed", error: { code: "TIMEOUT" } });
  await soon(() => expect(world.edge.ledger(id).map(({ state }) => state)).toEqual(["deleted", "deleted"]));
});

test("waits longer than the in-process limit leave the processor and come back as new claims", async () => {
  await world.ask("behaviours", { durationMs: 2500 });
  await world.startBridge({ inProcessWaitMs: 0 });
  const run = await world.over(await world.submit(sql));
  expect(run.status).toBe("ready");
  expect(run.epoch).toBeGreaterThan(2);
  expect((await performsOf(world)).performs).toBe(1);
});

test("lost answers of the edge change nothing: each request is sent again unchanged", async () => {
  let asked = 0;
  world.edge.trouble = () => ["answer", "lose-the-answer", "refuse"][asked++ % 3] as "answer";
  await world.startBridge();
  const id = await world.submit(sql);
  const run = await world.over(id);
  expect(run.status).toBe("ready");
  expect(world.edge.versions(id).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await performsOf(world)).performs).toBe(1);
});

test("a TaskID that could not be reported is kept in the job and reported after the next claim", async () => {
  let isDeaf = false;
  world.edge.trouble = ({ verb }) => {
    if (verb === "grant") isDeaf = true;
    if (verb === "claim") isDeaf = false;
    return isDeaf && verb === "transitions" ? "refuse" : "answer";
  };
  await world.startBridge({ effectTimeoutMs: 300 });
  const run = await world.over(await world.submit(sql));
  expect(run).toMatchObject({ status: "ready", epoch: 2, grant: { n: 1, taskId: expect.any(String) } });
  expect((await performsOf(world)).performs).toBe(1);
});

test("an edge whose clock is minutes ahead is followed", async () => {
  world.edge.skewMs = 10 * 60_000;
  await world.startBridge();
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
});

test("a job that is delivered twice at once is performed once: the newer claim fences the older", async () => {
  await world.ask("behaviours", { durationMs: 1500 });
  await world.startBridge();
  await world.startBridge();
  const id = await world.submit(sql);
  await world.put({ kind: "run", runId: id, ...tenancy, flow: "run-to-temp", delivery: 2 });
  expect((await world.over(id)).status).toBe("ready");
  expect((await performsOf(world)).performs).toBe(1);
});

test("an unknown status does not hide the end, and the run says so", async () => {
  const property = (name: string, value: string) => `<Property><Name>${name}</Name><Value>${value}</Value></Property>`;
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>
    <RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>OK</OverallStatus><RequestID>r</RequestID>
    <Results xsi:type="ObjectExtension"><Type>AsyncActivityStatus</Type><Properties>${property("Status", "Finished")}${property("ErrorMsg", "")}</Properties></Results>
    </RetrieveResponseMsg></soap:Body></soap:Envelope>`;
  await world.ask("behaviours", { durationMs: 1500 });
  await world.ask("faults", [{ call: "SOAP Retrieve AsyncActivityStatus", times: 100, status: 200, body }]);
  await world.startBridge();
  const run = await world.over(await world.submit("SELECT * FROM Customers"));
  expect(run).toMatchObject({ status: "ready", notes: [expect.stringContaining("does not know")] });
});
