import { expect, test } from "vitest";
import { enqueue, newQueue, settle, type Report, type ReportQueue } from "../../src/queue-bridge/edge/report-queue.ts";

const performed: Report = { type: "performed", n: 1, taskId: "77" };
const confirming: Report = { type: "confirming" };
const created: Report = {
  type: "noted",
  note: { state: "created", asset: "dataExtension", attempt: 1, customerKey: "K", objectId: "o", name: "N" },
};
const failed: Report = { type: "failed", error: { code: "INTERNAL", title: "t", detail: "d" } };

function queueOf(...reports: Report[]): ReportQueue {
  return reports.reduce((queue, report) => enqueue(queue, report).queue, newQueue(3, 10));
}
const seqs = (queue: ReportQueue) => queue.waiting.map(({ seq }) => seq);
const ok = (status: "running" | "canceled" | "failed") => ({ kind: "ok", value: { status } }) as const;
const refused = (code: string, seq: number) => ({ kind: "refused", code, status: "canceled", seq }) as const;

test("enqueue() continues the claim's numbers and keeps the sent text", () => {
  const { numbered } = enqueue(queueOf(performed), confirming);
  expect(numbered).toEqual({ seq: 12, report: confirming, body: '{"epoch":3,"seq":12,"type":"confirming"}' });
});

test("settle() goes on to the next report when the object accepted one", () => {
  const settled = settle(queueOf(performed, confirming), ok("running"));
  expect(settled.stop).toBeUndefined();
  expect(seqs(settled.queue)).toEqual([12]);
});

test("settle() stops when the answer says that the run was canceled", () => {
  expect(settle(queueOf(performed), ok("canceled")).stop).toEqual({ kind: "over", status: "canceled" });
});

test("settle() does not stop for the end the bridge itself has reported", () => {
  expect(settle(queueOf(failed), ok("failed")).stop).toBeUndefined();
});

test("settle() sends nothing more after a stale epoch", () => {
  const settled = settle(queueOf(performed, created), { kind: "stale" });
  expect(settled).toEqual({ queue: { ...queueOf(), waiting: [] }, stop: { kind: "fenced" }, renumbered: [] });
});

test("settle() sends nothing more of an unknown run, and does not count it as another bridge's", () => {
  const settled = settle(queueOf(performed, created), { kind: "unknown-run" });
  expect(settled).toEqual({ queue: { ...queueOf(), waiting: [] }, stop: { kind: "unknown-run" }, renumbered: [] });
});

test("settle() keeps only ledger notes of a run that is over, renumbered after the object's number", () => {
  const settled = settle(queueOf(performed, created, confirming), refused("RUN_IS_OVER", 10));
  expect(settled.stop).toEqual({ kind: "over", status: "canceled" });
  expect(settled.queue.waiting.map(({ seq, report }) => [seq, report.type])).toEqual([[11, "noted"]]);
  expect(settled.renumbered).toEqual(settled.queue.waiting);
});

test("settle() sends again from the gap on", () => {
  const sent = settle(queueOf(performed, created, confirming), ok("running")).queue;
  const settled = settle(settle(sent, ok("running")).queue, refused("GAP", 10));
  expect(settled.stop).toBeUndefined();
  expect(seqs(settled.queue)).toEqual([11, 12, 13]);
});

test.each([refused("GAP", 10), refused("GAP", 4), refused("CONFLICT", 11), refused("NO_GRANT", 10)])(
  "settle() asks for a new claim when the numbers do not match: %o",
  (answer) => {
    expect(settle(queueOf(performed), answer).stop).toEqual({ kind: "cut-off" });
  },
);

test("settle() keeps what could not be sent", () => {
  const settled = settle(queueOf(performed), { kind: "unreachable", why: "HTTP 503" });
  expect(settled.stop).toEqual({ kind: "cut-off" });
  expect(seqs(settled.queue)).toEqual([11]);
});

const malformed = { kind: "malformed", what: "taskId" } as const;

test("settle() ends the run in place of a report the edge cannot read; only ledger notes still follow it", () => {
  const settled = settle(queueOf(performed, created, confirming), malformed);
  expect(settled.stop).toEqual({ kind: "over", status: "failed" });
  expect(settled.queue.waiting.map(({ seq, report }) => [seq, report.type])).toEqual([
    [11, "failed"],
    [12, "noted"],
  ]);
  const [last] = settled.queue.waiting;
  expect(JSON.parse(last?.body ?? "")).toMatchObject({
    epoch: 3,
    seq: 11,
    error: { code: "INTERNAL", detail: expect.stringMatching(/performed.*taskId/), fix: expect.any(String) },
  });
  expect(settled.renumbered).toEqual(settled.queue.waiting);
  const told = settle(settled.queue, ok("failed"));
  expect([told.stop, seqs(told.queue)]).toEqual([undefined, [12]]);
});

test("settle() leaves the run to its object when the edge cannot read even that it has ended", () => {
  const ended = settle(queueOf(performed, created), malformed).queue;
  expect(settle(ended, malformed)).toMatchObject({ stop: { kind: "fenced" }, queue: { waiting: [] } });
});

test("settle() skips a note the edge cannot read once the run is over", () => {
  const ended = settle(queueOf(created, created, created), malformed).queue;
  const settled = settle(ended, refused("RUN_IS_OVER", 10));
  expect([settled.stop, seqs(settled.queue)]).toEqual([{ kind: "over", status: "canceled" }, [11, 12]]);
});
