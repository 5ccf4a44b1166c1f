import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/worker/app.ts";
import { ask, post, Bridge, columns } from "./support/api.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";
import { jobsOf } from "./support/stand-ins.ts";
import type { RunView } from "#run/view.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
const sql = "SELECT CustomerKey FROM Customers WHERE Email = 'canary@example.com'";

type Line = { at: string; event: string; runId?: string; traceId?: string } & Record<string, unknown>;
const lines: Line[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => void vi.restoreAllMocks());

async function submit(headers: Record<string, string>): Promise<{ id: string; traceId: string | null }> {
  const answer = await post("/v1/runs", { sql }, headers);
  const { id } = await answer.json<RunView>();
  return { id, traceId: answer.headers.get("x-trace-id") };
}

describe("a request's trace", () => {
  it("is the caller's, and is told in x-trace-id", async () => {
    expect((await submit({ traceparent })).traceId).toBe(trace);
  });

  it("is a new one for each request without a readable traceparent", async () => {
    const ids = [await ask("/v1/runs"), await ask("/v1/runs", { headers: { traceparent: "00-nonsense" } })].map(
      ({ headers }) => headers.get("x-trace-id"),
    );
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it("is told with problems, too", async () => {
    const answer = await ask("/v1/nothing", { headers: { traceparent } });
    expect([answer.status, answer.headers.get("x-trace-id")]).toEqual([404, trace]);
  });

  it("goes on with the run's job, under a span of the edge", async () => {
    const { id } = await submit({ traceparent });
    await expect.poll(() => jobsOf(id)).toHaveLength(1);
    const [job] = await jobsOf(id);
    expect(job).toMatchObject({
      traceparent: expect.stringMatching(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
    });
  });

  it("is no part of what a user sees of the run", async () => {
    const { id } = await submit({ traceparent });
    const seen = await (await ask(`/v1/runs/${id}?debug=1`)).text();
    expect(seen).not.toContain(trace);
  });
});

describe("the edge's log", () => {
  it("has a line with run and trace for each step of a run, from the bridge and from users", async () => {
    const { id } = await submit({ traceparent });
    // Of this run: one before it has such a line, too.
    const isPut = () => lines.some(({ event, runId }) => event === "job put" && runId === id);
    await expect.poll(isPut).toBe(true);
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.say("transitions", { epoch: 1, seq: 9, type: "confirming" });
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const own = lines.filter(({ runId }) => runId === id);
    expect(own.map(({ event, type, why }) => [event, type ?? why].filter(Boolean).join(": ")).toSorted()).toEqual(
      [
        "job put",
        "run claimed",
        "run ended without a bridge",
        "run opened",
        "run submitted",
        "transition accepted: performed",
        "transition accepted: planned",
        "transition refused: confirming",
      ].toSorted(),
    );
    expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([trace]));
  });

  it("has a line for each call to Marketing Cloud that the Worker makes itself", async () => {
    await post("/v1/sql/check", { sql }, { traceparent });
    const calls = lines.filter(({ event }) => event === "mce call");
    expect(calls.map(({ call }) => call)).toContain("REST validate");
    expect(new Set(calls.map(({ traceId }) => traceId))).toEqual(new Set([trace]));
    const validated = calls.find(({ call }) => call === "REST validate");
    expect(validated).toMatchObject({ ms: expect.any(Number), httpStatus: 200 });
  });

  it("has a line for a bug, with its places, and without its message, which may quote data", async () => {
    const headers = { traceparent, authorization: `Bearer ${await tokenOf(alice)}` };
    const broken = { ...bindings, RUNS: {}, RUN_LIMIT: {} };
    const answer = await app.request(`/v1/runs/${"a".repeat(30)}`, { headers }, broken);
    expect([answer.status, answer.headers.get("x-trace-id")]).toEqual([500, trace]);
    const line = lines.find(({ event }) => event === "request failed");
    expect(line).toMatchObject({ traceId: trace, call: "GET /v1/runs/:id", places: expect.any(Array) });
    expect(JSON.stringify(line)).not.toContain("is not a function");
  });

  it("has no SQL, no column and no value in it", async () => {
    const { id } = await submit({ traceparent });
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report({ type: "ready", result: { customerKey: "K" }, columns, notes: ["A note"] });
    const text = JSON.stringify(lines.filter(({ runId }) => runId === id));
    expect(text).toContain("ready");
    for (const word of ["SELECT", "canary", "CustomerKey", "A note"]) expect(text).not.toContain(word);
  });
});
