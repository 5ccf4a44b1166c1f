import { describe, expect, it, onTestFinished } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import type { Target } from "#protocol/target.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { recording } from "../mce/support/recordings.ts";
import { openCalmWorld } from "./support/calm-world.ts";

const minute = 60_000;
const always = { nth: 1, times: 1_000_000 };
const query = "SOAP Create QueryDefinition";
const mute: Fault = { ...always, call: query, status: 200, body: recording("07-soap-create-query-generic.xml") };
const noPermission = { status: 200, body: recording("01-soap-permission-retrieve.xml") };
const target: Target = { customerKey: "No Rows", mode: "append" };

/** Runs a query in a Marketing Cloud with these faults, to its end and the clean-up after it. */
async function live(
  faults: readonly Fault[],
  { into, durationMs = 5000 }: { into?: Target; durationMs?: number } = {},
) {
  const world = openCalmWorld(durationMs);
  onTestFinished(() => world.close());
  for (const fault of faults) world.fail(fault);
  const sql =
    into === undefined ? "SELECT TOP 10 CustomerKey, FirstName FROM Customers" : "SELECT 1 AS Id, 'x' AS Name";
  const id: RunId = world.submit(sql, into);
  const from = world.clock.now();
  const run = await world.over(id, 40 * minute);
  const tookMs = world.clock.now() - from;
  await world.clock.pass(30 * minute);
  expect(world.bugs).toEqual([]);
  const calls = world.calls().map(({ call, at }) => ({ call, at: at - from }));
  const count = (name: string) => calls.filter(({ call }) => call === name).length;
  return { world, run: world.run(id), error: run.status === "failed" ? run.error : undefined, tookMs, calls, count };
}

describe("a query that SOAP refuses without a reason", () => {
  it.each<[string, Fault]>([
    ["an error's number", mute],
    ["no word at all", { ...mute, body: recording("07-soap-create-query-generic.xml").replace(/Exception [^<]*/, "") }],
  ])("goes on with the one that REST makes: %s", async (_, fault) => {
    const { run, count, world } = await live([fault]);
    expect(run.status).toBe("ready");
    expect([count(query), count("REST create query")]).toEqual([1, 1]);
    expect(world.sandbox.store.queries.filter(({ status }) => status === "Active")).toEqual([]);
  });

  it("is looked for and checked before anything more is made", async () => {
    const { calls } = await live([mute]);
    const from = calls.findIndex(({ call }) => call === query);
    expect(calls.slice(from, from + 5).map(({ call }) => call)).toEqual([
      query,
      "SOAP Retrieve QueryDefinition",
      "REST validate",
      "REST create query",
      "SOAP Perform",
    ]);
  });

  it("reports what MCE's own check objects to, and is not created by REST then", async () => {
    const invalid = { status: 200, body: recording("14-rest-validate-error-objects.json") };
    // The first check is of the text alone, before anything is made.
    const { error, count } = await live([mute, { call: "REST validate", ...always, nth: 2, ...invalid }]);
    expect(error).toMatchObject({ code: "QUERY_FAILED", mce: "Invalid column name 'X'." });
    // As a look, then as it is.
    expect([count(query), count("REST validate"), count("REST create query")]).toEqual([2, 3, 0]);
  });

  it("reports why REST does not create it", async () => {
    const message = "Could not build exclusion text for unknown subscriber field type _Subscriber Key.";
    const refusal = { status: 400, body: { message, errorcode: 0, documentation: "" } };
    const { error, count } = await live([mute, { ...always, call: "REST create query", ...refusal }], { into: target });
    expect(error).toMatchObject({ code: "QUERY_FAILED", mce: message });
    expect([count(query), count("REST create query")]).toEqual([1, 1]);
  });

  it("names the permission that REST lacks", async () => {
    const { error } = await live([mute, { ...always, call: "REST create query", as: "no-scope" }]);
    expect(error).toMatchObject({
      code: "REAUTH_REQUIRED",
      detail: expect.stringContaining("Automations Read and Write (automations_read, automations_write)"),
    });
  });

  it.each<[string, Partial<Fault>]>([
    ["is out of order", { status: 500, body: { message: "Internal Server Error" } }],
    ["gives none either", { status: 400, body: {} }],
    ["has too many calls", { as: "throttled" }],
  ])("is not blamed when REST %s", async (_, fault) => {
    const { error, calls, tookMs, world } = await live([mute, { ...always, call: "REST create query", ...fault }]);
    expect(error).toMatchObject({
      code: "QUERY_FAILED",
      title: "Marketing Cloud refuses without a reason",
      mce: "Exception occurred during [CreateQueryDefinition] ErrorID: 100000001",
    });
    expect(error?.fix).not.toMatch(/change the query/i);
    expect(tookMs).toBeLessThan(3 * minute);
    expect(calls.length).toBeLessThan(60);
    expect(world.left()).toEqual([]);
  });

  it("is found when REST's answer is lost", async () => {
    const { run, count } = await live([mute, { ...always, call: "REST create query", drop: "after" }]);
    expect(run.status).toBe("ready");
    expect(count("REST create query")).toBe(1);
  });
});

describe("a permission that SOAP says is missing", () => {
  it.each([["SOAP Retrieve DataFolder", "data_extensions_read, automations_read"]])(
    "ends the run and is named: %s",
    async (call, scope) => {
      const { error, calls } = await live([{ ...always, call, ...noPermission }]);
      expect(error).toMatchObject({ code: "REAUTH_REQUIRED", detail: expect.stringContaining(scope) });
      expect(error?.fix).toContain(scope);
      expect(calls.length).toBeLessThan(20);
    },
  );

  it.each(["SOAP Retrieve DataExtension", "SOAP Retrieve DataExtensionField"])(
    "is named in a note where the run goes on without: %s",
    async (call) => {
      const { run } = await live([{ ...always, call, ...noPermission }]);
      expect(run.status).toBe("ready");
      expect(run.notes.join(" ")).toContain("Data Extensions Read (data_extensions_read)");
    },
  );

  it("leaves a result table without retention where only that is not allowed", async () => {
    const body = recording("06-soap-create-de-duplicate.xml")
      .replace(/Updating [^<]*/, "API Permission Failed.")
      .replace("310003", "2");
    const { run } = await live([{ call: "SOAP Create DataExtension", nth: 1, times: 1, status: 200, body }]);
    expect(run).toMatchObject({ status: "ready", notes: [expect.stringContaining("retention")] });
  });
});

describe("a question that may not be asked", () => {
  const isRunning: Fault = { ...always, call: "REST isrunning", as: "no-scope" };
  const row: Fault = { ...always, call: "SOAP Retrieve AsyncActivityStatus", ...noPermission };

  it.each([undefined, target])(
    "isrunning: the status alone shows the end, and a note names what is missing",
    async (into) => {
      const { run, count, tookMs } = await live([isRunning], into === undefined ? {} : { into });
      expect(run).toMatchObject({
        status: "ready",
        notes: [expect.stringContaining("Automations Read (automations_read)")],
      });
      expect(count("REST isrunning")).toBe(1);
      expect(tookMs).toBeLessThan(minute);
    },
  );

  it("the status: rows and isrunning show the end", async () => {
    const { run, count } = await live([row]);
    expect(run).toMatchObject({
      status: "ready",
      notes: expect.arrayContaining([expect.stringContaining("Automations Read")]),
    });
    expect(count("SOAP Retrieve AsyncActivityStatus")).toBe(1);
  });

  it("the status of a run into a target: the outcome is unknown, and the run says what is missing", async () => {
    const { error } = await live([row], { into: target });
    expect(error).toMatchObject({
      code: "OUTCOME_UNKNOWN",
      detail: expect.stringContaining("Automations Read (automations_read)"),
    });
  });

  it("both: the run ends and says what is missing", async () => {
    const { error, tookMs } = await live([isRunning, row]);
    expect(error).toMatchObject({ code: "REAUTH_REQUIRED", detail: expect.stringContaining("Automations Read") });
    expect(tookMs).toBeLessThan(minute);
  });

  it("isrunning, of a query that never ends: not called too slow", async () => {
    const { error } = await live([isRunning], { durationMs: 60 * minute });
    expect(error).toMatchObject({ code: "REAUTH_REQUIRED", detail: expect.stringContaining("Automations Read") });
  });
});

describe("isrunning that answers HTTP 500", () => {
  const hurried: Fault = {
    ...always,
    call: "REST isrunning",
    status: 500,
    body: recording("21-rest-automation-500.json"),
  };
  const status = "SOAP Retrieve AsyncActivityStatus";
  const queued: Fault = {
    ...always,
    call: status,
    status: 200,
    body: recording("10-soap-status-value-omitted.xml"),
  };

  it("is asked less and less often while it keeps failing", async () => {
    const { calls } = await live([hurried, queued], { durationMs: 60 * minute });
    const asked = calls.filter(({ call }) => call === "REST isrunning").map(({ at }) => at);
    const early = asked.filter((at) => at < 5 * minute);
    const gaps = early.slice(1).map((at, index) => at - (early[index] ?? 0));
    expect(gaps.slice(1, 3).every((gap) => gap >= 3900)).toBe(true);
    expect(gaps.slice(4).every((gap) => gap >= 15_000)).toBe(true);
    expect(early.length).toBeLessThan(20);
  });

  it("changes nothing when it fails now and then", async () => {
    const { run, tookMs } = await live([{ ...hurried, nth: 2, times: 1 }]);
    expect(run.status).toBe("ready");
    expect(tookMs).toBeLessThan(15_000);
  });
});

describe("a refusal that did nothing", () => {
  const fault = (file: string) => ({ status: 500, body: recording(file) });

  it.each(["03-soap-client-fault-database.xml", "05-soap-server-fault-maintenance.xml"])(
    "lets an append start once it is over: %s",
    async (file) => {
      const { run, world } = await live([{ call: "SOAP Perform", nth: 1, times: 2, ...fault(file) }], { into: target });
      expect(run.status).toBe("ready");
      expect(world.applied()).toBe(1);
    },
  );

  it("lets a query be made once it is over", async () => {
    const { run, count } = await live([
      { call: query, nth: 1, times: 2, ...fault("05-soap-server-fault-maintenance.xml") },
    ]);
    expect(run.status).toBe("ready");
    expect(count(query)).toBe(3);
  });
});

describe("a name that is in use", () => {
  it("is recognized by its code, and the next name is used", async () => {
    const body = recording("06-soap-create-de-duplicate.xml").replace(/Updating [^<]*/, "No.");
    const { run, count } = await live([{ call: "SOAP Create DataExtension", nth: 1, times: 1, status: 200, body }]);
    expect(run.status).toBe("ready");
    expect(run.notes).toEqual([]);
    expect(count("SOAP Create DataExtension")).toBe(2);
  });

  it("is not mistaken for one that does not exist", async () => {
    const message = "The target data extension does not exist.";
    const refusal = { status: 400, body: { message, errorcode: 1 } };
    const { error, count } = await live([mute, { ...always, call: "REST create query", ...refusal }]);
    expect(error).toMatchObject({ mce: message });
    expect(count("REST create query")).toBe(1);
  });
});

it("the word Completed ends a query as Complete does", async () => {
  const completed = recording("09-soap-status-fatalerror.xml")
    .replace("FatalError", "Completed")
    .replace("Own words: the run has failed.", "");
  const { run } = await live([
    { ...always, call: "SOAP Retrieve AsyncActivityStatus", status: 200, body: completed.replace("100001", "10684") },
  ]);
  expect(run).toMatchObject({ status: "ready", notes: [] });
});
