import { afterEach, beforeEach, expect, test } from "vitest";
import type { Platform } from "#async/platform.ts";
import { RunId } from "#protocol/ids.ts";
import { openEdge, type Edge } from "../../src/queue-bridge/edge/edge.ts";
import { openSignedPost } from "../../src/queue-bridge/edge/signed-post.ts";
import { aTenancy } from "../support/runs.ts";
import { openTestEdge, type TestEdge } from "./support/edge.ts";
import { platformWith } from "../support/platform.ts";

const id = RunId.parse("00000000000000000000000000000a");
const patience = { patienceMs: 2000 };
let server: TestEdge;

beforeEach(async () => {
  server = await openTestEdge("a-secret-of-this-test");
  server.open(id, aTenancy(), "SELECT 1 AS One");
});
afterEach(() => server.close());

function edge(overrides: Partial<Parameters<typeof openSignedPost>[0] & { platform: Platform }> = {}) {
  const own = { url: server.url, secret: "a-secret-of-this-test", platform: platformWith(), timeoutMs: 2000 };
  const ends = { ...own, ...overrides };
  return openEdge({ post: openSignedPost(ends), platform: ends.platform, retryMinMs: 5, retryMaxMs: 20 });
}

test("claim() returns the task with the query", async () => {
  const answer = await edge().claim(id, { claimId: crypto.randomUUID() }, patience);
  expect(answer).toMatchObject({
    kind: "ok",
    value: { epoch: 1, seq: 0, task: "run", spec: { sql: "SELECT 1 AS One" } },
  });
});

test("claim() gets the same answer again when the first one is lost", async () => {
  let asked = 0;
  server.trouble = () => (asked++ === 0 ? "lose-the-answer" : "answer");
  const answer = await edge().claim(id, { claimId: crypto.randomUUID() }, patience);
  expect(answer).toMatchObject({ kind: "ok", value: { epoch: 1 } });
  expect(asked).toBe(2);
});

test("claim() keeps asking while the edge answers 503", async () => {
  let asked = 0;
  server.trouble = () => (asked++ < 3 ? "refuse" : "answer");
  expect(await edge().claim(id, { claimId: crypto.randomUUID() }, patience)).toMatchObject({ kind: "ok" });
});

test("claim() gives up when the patience is spent", async () => {
  server.trouble = () => "refuse";
  const answer = await edge().claim(id, { claimId: crypto.randomUUID() }, { patienceMs: 30 });
  expect(answer).toEqual({ kind: "unreachable", why: "HTTP 503" });
});

test("claim() of an unknown run says so at once", async () => {
  const unknown = RunId.parse("f".repeat(30));
  expect(await edge().claim(unknown, { claimId: crypto.randomUUID() }, patience)).toEqual({ kind: "unknown-run" });
});

test("openEdge() learns the edge's clock once and signs by it from then on", async () => {
  server.skewMs = 5 * 60_000;
  let asked = 0;
  server.trouble = () => {
    asked += 1;
    return "answer";
  };
  const own = edge();
  expect(await own.claim(id, { claimId: crypto.randomUUID() }, patience)).toMatchObject({ kind: "ok" });
  expect(asked).toBe(2);
  expect(await own.alive(id, 1, patience)).toEqual({ kind: "ok", value: { status: "running" } });
  expect(asked).toBe(3);
});

test("openEdge() with a wrong secret is refused and never gets through", async () => {
  const answer = await edge({ secret: "another-secret" }).claim(
    id,
    { claimId: crypto.randomUUID() },
    { patienceMs: 20 },
  );
  expect(answer).toEqual({ kind: "unreachable", why: "HTTP 401" });
});

test("send() tells a gap, a conflict and a stale epoch apart", async () => {
  const own = edge();
  await own.claim(id, { claimId: crypto.randomUUID() }, patience);
  const body = (epoch: number, seq: number, type: string) => JSON.stringify({ epoch, seq, type });
  expect(await own.send(id, body(1, 2, "confirming"), patience)).toMatchObject({
    kind: "refused",
    code: "GAP",
    seq: 0,
  });
  expect(await own.send(id, body(1, 1, "confirming"), patience)).toEqual({ kind: "ok", value: { status: "running" } });
  expect(await own.send(id, body(1, 1, "confirming"), patience)).toEqual({ kind: "ok", value: { status: "running" } });
  expect(await own.send(id, `${body(1, 1, "confirming")} `, patience)).toMatchObject({ code: "CONFLICT" });
  expect(await own.send(id, body(7, 2, "confirming"), patience)).toEqual({ kind: "stale" });
});

const failed = { epoch: 1, seq: 1, type: "failed", error: { code: "INTERNAL", title: "T", detail: "D" } };

test.each([
  ["send", (own: Edge) => own.send(id, JSON.stringify(failed), patience)],
  ["claim", (own: Edge) => own.claim(id, { claimId: crypto.randomUUID() }, patience)],
  ["grant", (own: Edge) => own.grant(id, { epoch: 1, n: 1, nonce: crypto.randomUUID() }, patience)],
  ["alive", (own: Edge) => own.alive(id, 1, patience)],
])("%s() that the edge calls malformed is not repeated, and names the member", async (_, say) => {
  let asked = 0;
  server.trouble = () => {
    asked += 1;
    return "call-malformed";
  };
  expect(await say(edge())).toEqual({ kind: "malformed", what: "result.customerKey" });
  expect(asked).toBe(1);
});

test.each([
  ["an unknown type", { type: "explode" }, "type"],
  ["a number over its bound", { type: "performed", n: 0 }, "n"],
  ["a missing member", { type: "ready", columns: [], notes: [] }, "result, columns"],
  ["a text over its bound", { type: "performed", n: 1, taskId: "7".repeat(41) }, "taskId"],
])("send() sends nothing that is not a transition: %s", async (_, rest, what) => {
  let asked = 0;
  server.trouble = () => {
    asked += 1;
    return "answer";
  };
  const body = JSON.stringify({ epoch: 1, seq: 1, ...rest });
  expect(await edge().send(id, body, patience)).toEqual({ kind: "malformed", what });
  expect(asked).toBe(0);
});

test("send() shows only the members' names of what the edge answers about a malformed transition", async () => {
  const spoken = { errors: [{ path: "result.customerKey" }, { path: "a 'secret value'" }, { path: "" }, "nonsense"] };
  for (const [httpStatus, body, what] of [
    [422, spoken, "result.customerKey"],
    [422, { detail: "something else" }, "the whole"],
    [413, "no JSON at all", "the whole"],
  ] as const) {
    const fetch = () => Promise.resolve(Response.json(body, { status: httpStatus }));
    const own = edge({ platform: platformWith({ fetch }) });
    expect(await own.send(id, JSON.stringify(failed), patience)).toEqual({ kind: "malformed", what });
  }
});
