import { owedAssets } from "#run/ledger.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMce } from "#mce/client.ts";
import { RunId } from "#protocol/ids.ts";
import { customerKeyOf } from "#run/names.ts";
import { cleanUp } from "../../src/queue-bridge/left-over/cleanup.ts";
import { openEdge, type Edge } from "../../src/queue-bridge/edge/edge.ts";
import { openSignedPost } from "../../src/queue-bridge/edge/signed-post.ts";
import type { Stop } from "../../src/queue-bridge/ending.ts";
import type { Report } from "../../src/queue-bridge/edge/report-queue.ts";
import { openReporter } from "../../src/queue-bridge/edge/report.ts";
import { aTenancy } from "../support/runs.ts";
import { openTestEdge, type TestEdge } from "./support/edge.ts";
import { mceDeps, platformWith } from "../support/platform.ts";

const id = RunId.parse("00000000000000000000000000000b");
const secret = "a-secret-of-this-test";
const customerKey = customerKeyOf(id, 1);
const planned: Report = { type: "planned", columns: [{ name: "One", type: "Number" }], notes: [] };
const confirming: Report = { type: "confirming" };
const deleted: Report = {
  type: "noted",
  note: { state: "deleted", asset: "queryDefinition", attempt: 1, customerKey },
};

let server: TestEdge;
let edge: Edge;
let stops: Stop[];
let logged: string[];

beforeEach(async () => {
  stops = [];
  logged = [];
  server = await openTestEdge(secret);
  server.open(id, aTenancy(), "SELECT 1 AS One");
  const platform = platformWith();
  const post = openSignedPost({ url: server.url, secret, platform, timeoutMs: 2000 });
  edge = openEdge({ post, platform, retryMinMs: 5, retryMaxMs: 20 });
});
afterEach(() => server.close());

async function claimAndOpen(patienceMs = 2000) {
  const answer = await edge.claim(id, { claimId: crypto.randomUUID() }, { patienceMs: 2000 });
  if (answer.kind !== "ok") throw new Error(answer.kind);
  const { epoch, seq, status, ledger } = answer.value;
  const runLog = (_: RunId, transition: string) => void logged.push(transition);
  const onStop = (stop: Stop) => void stops.push(stop);
  return openReporter({ edge, runLog, onStop, patienceMs, log: () => {} }, { id, epoch, seq, status, ledger });
}

test("put() sends one after the other, however many are put at once", async () => {
  const report = await claimAndOpen();
  for (const next of [planned, confirming, confirming, deleted]) report.put(next);
  await report.flushed();
  expect(server.run(id)).toMatchObject({ seq: 4, version: 5, phase: "confirming" });
  expect(stops).toEqual([]);
});

test("put() goes on numbering where the last claim ended", async () => {
  const first = await claimAndOpen();
  first.put(planned);
  await first.flushed();
  const second = await claimAndOpen();
  second.put(confirming);
  await second.flushed();
  expect(server.run(id)).toMatchObject({ seq: 2, epoch: 2, phase: "confirming" });
});

test("put() also writes the log while the edge is away, and reports that it is cut off", async () => {
  const report = await claimAndOpen(30);
  server.trouble = () => "refuse";
  report.put(planned);
  report.put(confirming);
  await report.flushed();
  expect(logged.map((text) => JSON.parse(text).seq)).toEqual([1, 2]);
  expect(stops).toEqual([{ kind: "cut-off" }]);
});

test("put() after a cancel still sends ledger notes, and nothing else", async () => {
  const report = await claimAndOpen();
  server.cancel(id);
  report.put(confirming);
  report.put(deleted);
  await report.flushed();
  expect(stops[0]).toEqual({ kind: "over", status: "canceled" });
  expect(report.status()).toBe("canceled");
  expect(server.ledger(id).find((entry) => entry.asset === "queryDefinition")?.state).toBe("deleted");
});

test("a reporter whose run was claimed again is fenced, and its bridge deletes nothing more", async () => {
  const report = await claimAndOpen();
  await claimAndOpen();
  let calls = 0;
  const access = { connectionId: "c", mid: 1, eid: 1, subdomain: "s", clientId: "i", clientSecret: "s" };
  const fetch = () => {
    calls += 1;
    return Promise.reject(new Error("nobody may ask"));
  };
  const mce = openMce(access, mceDeps({ fetch, sandboxUrl: "http://127.0.0.1:1" }));
  report.put(deleted);
  const folders = { isOwn: () => Promise.reject(new Error("nobody may ask")) };
  const unit = { tenantId: "t", mid: 1 };
  const settings = { retryMinMs: 1, retryMaxMs: 1, shortWaitMs: 1 };
  await cleanUp(
    { mce, unit, folders, report, failPoint: () => {}, log: () => {}, settings, platform: platformWith() },
    id,
    owedAssets(report.ledger(), { status: "canceled" }, 0),
  );
  expect(report.isFenced()).toBe(true);
  expect(stops).toEqual([{ kind: "fenced" }]);
  expect(calls).toBe(0);
});
