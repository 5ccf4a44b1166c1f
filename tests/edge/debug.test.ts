import { expect, it } from "vitest";
import { RunId } from "#protocol/ids.ts";
import { runTraceField, runTraceStream } from "#protocol/redis-keys.ts";
import type { RunView } from "#run/view.ts";
import type { RunDebug } from "#run-object/debug.ts";
import { ask, bodyOf, Bridge, columns, readRun, submit } from "./support/api.ts";
import { bob, carol } from "./support/people.ts";
import { breakDown, redis } from "./support/stand-ins.ts";

type Debugged = RunView & { debug?: RunDebug };
const debugged = async (id: string): Promise<Debugged> => bodyOf(await ask(`/v1/runs/${id}?debug=1`));

const evidence = {
  verdict: "done",
  why: "complete-and-stopped",
  sincePerformMs: 4_000,
  status: "complete",
  isRunning: false,
  wasRunning: true,
  rows: 3,
} as const;
const calls = [
  { at: 10, call: "SOAP Create DataExtension", ms: 250, outcome: "ok" },
  { at: 20, call: "SOAP Perform", ms: 90, outcome: "unavailable" },
];

const verdicts = [
  { ...evidence, at: 30, n: 1, verdict: "unsure", why: "not-settled", sincePerformMs: 3_000 },
  { ...evidence, at: 40, n: 1 },
];

/** A run that is ready, with all that a bridge tells on the way. */
async function aReadyRun(): Promise<Bridge> {
  const { id } = await submit("SELECT CustomerKey AS Canary FROM Customers");
  const bridge = new Bridge(id);
  await bridge.perform();
  const made = { asset: "dataExtension", attempt: 1, customerKey: `QPP_${id}_1`, objectId: "o-1", name: "QPP_Results" };
  await bridge.report({ type: "noted", note: { state: "created", ...made } });
  const result = { customerKey: `QPP_${id}_1` };
  expect((await bridge.report({ type: "ready", result, columns, notes: [], evidence })).status).toBe(200);
  return bridge;
}

it("?debug=1 shows ledger, grant, steps with their evidence, calls and verdicts", async () => {
  const { id } = await aReadyRun();
  const stream = runTraceStream(RunId.parse(id));
  const [first, second] = verdicts;
  const late = { epoch: 1, calls: [calls[1]], verdicts: [second] };
  const early = { epoch: 1, calls: [calls[0]], verdicts: [first] };
  await redis(["XADD", stream, "*", runTraceField, JSON.stringify(late)]);
  await redis(["XADD", stream, "*", runTraceField, JSON.stringify(early)]);
  await redis(["XADD", stream, "*", runTraceField, "{no trace"]);
  const { debug } = await debugged(id);
  const step = { epoch: 1, at: expect.any(Number) };
  expect(debug).toEqual({
    epoch: 1,
    deliveries: 1,
    lastSignAt: expect.any(Number),
    grant: { n: 1, at: expect.any(Number), state: "performed", taskId: "4711" },
    ledger: [
      expect.objectContaining({ asset: "queryDefinition", state: "intended" }),
      expect.objectContaining({ asset: "dataExtension", state: "created", objectId: "o-1" }),
    ],
    steps: [
      { ...step, seq: 1, type: "planned" },
      { ...step, seq: 2, type: "performed", n: 1 },
      { ...step, seq: 3, type: "noted", asset: "dataExtension created" },
      { ...step, seq: 4, type: "ready", verdict: evidence },
    ],
    calls: calls.map((call) => ({ ...call, epoch: 1 })),
    verdicts: verdicts.map((verdict) => ({ ...verdict, epoch: 1 })),
  });
});

it("?debug=1 is the same Run beside it, and without it nothing has changed", async () => {
  const { id } = await aReadyRun();
  const { debug, ...run } = await debugged(id);
  expect(debug).toBeDefined();
  expect(run).toEqual(await readRun(id));
  expect(await readRun(id)).not.toHaveProperty("debug");
});

it("?debug=1 has the run's version as ETag, and is answered though the version is known: its debug may be new", async () => {
  const { id } = await submit();
  const answer = await ask(`/v1/runs/${id}?debug=1`, { headers: { "if-none-match": '"1"' } });
  expect([answer.status, answer.headers.get("etag")]).toEqual([200, '"1"']);
});

it("?debug=1 shows nothing of the SQL, and no nonce of a grant", async () => {
  const { id } = await submit("SELECT CustomerKey AS Canary FROM Customers");
  await new Bridge(id).perform();
  const text = await (await ask(`/v1/runs/${id}?debug=1`)).text();
  expect(text).not.toMatch(/Canary|nonce/);
});

it("?debug=1 goes without the trace while Redis is away", async () => {
  const { id } = await aReadyRun();
  expect((await debugged(id)).debug).toMatchObject({ calls: [], verdicts: [] });
  await breakDown("redis", id);
  const { debug } = await debugged(id);
  expect(debug).toMatchObject({ epoch: 1, steps: [{}, {}, {}, { type: "ready" }] });
  expect(debug).not.toHaveProperty("calls");
  expect(debug).not.toHaveProperty("verdicts");
});

it("?debug=1 is for the owner: another user's and another tenant's run is not found", async () => {
  const { id } = await aReadyRun();
  for (const person of [bob, carol]) expect((await ask(`/v1/runs/${id}?debug=1`, {}, person)).status).toBe(404);
});
