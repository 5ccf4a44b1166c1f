import type { Transition } from "#protocol/transition.ts";
import { isOver, type RunStatus } from "#protocol/run-status.ts";
import type { EdgeAnswer } from "./edge.ts";
import type { Stop } from "../ending.ts";
import { reportMalformed } from "./malformed.ts";

type Unnumbered<T> = T extends Transition ? Omit<T, "epoch" | "seq"> : never;

/** A transition without epoch and `seq`. */
export type Report = Unnumbered<Transition>;

/** `body` is the JSON that is sent, the same text each time, because the object compares hashes. */
export type Numbered = { seq: number; report: Report; body: string };

/** The transitions of one claim, in order: those the object has accepted, and those that wait. */
export type ReportQueue = {
  epoch: number;
  seq: number;
  sent: readonly Numbered[];
  waiting: readonly Numbered[];
  /** The run ends because the edge could not read a report. */
  isGivenUp?: true;
};

/** An empty queue. @param seq the last one the object had at the claim */
export function newQueue(epoch: number, seq: number): ReportQueue {
  return { epoch, seq, sent: [], waiting: [] };
}

/** Adds a report to the queue under the next number. */
export function enqueue(queue: ReportQueue, report: Report): { queue: ReportQueue; numbered: Numbered } {
  const numbered = number(queue.epoch, (queue.waiting.at(-1)?.seq ?? queue.seq) + 1, report);
  return { queue: { ...queue, waiting: [...queue.waiting, numbered] }, numbered };
}

export type Settled = {
  queue: ReportQueue;
  /** Why this bridge has to stop, if so. */
  stop?: Stop;
  /** Reports that are new or have a new number, and must be logged. */
  renumbered: readonly Numbered[];
};

/** Decides what the answer to the first waiting report means for all of them. Pure; an empty queue stays empty. */
export function settle(queue: ReportQueue, answer: EdgeAnswer<{ status: RunStatus }>): Settled {
  const [head, ...rest] = queue.waiting;
  if (head === undefined) return { queue, renumbered: [] };
  switch (answer.kind) {
    case "ok": {
      const next = { ...queue, seq: head.seq, sent: [...queue.sent, head], waiting: rest };
      const { status } = answer.value;
      return isOver(status) && !isLast(head.report)
        ? { queue: next, stop: { kind: "over", status }, renumbered: [] }
        : { queue: next, renumbered: [] };
    }
    case "stale":
      return { queue: { ...queue, waiting: [] }, stop: { kind: "fenced" }, renumbered: [] };
    case "malformed":
      return giveUp(queue, head, answer.what);
    case "unknown-run":
      return { queue: { ...queue, waiting: [] }, stop: { kind: "unknown-run" }, renumbered: [] };
    case "unreachable":
      return { queue, stop: { kind: "cut-off" }, renumbered: [] };
    case "refused":
      return refused(queue, answer);
  }
}

function refused(queue: ReportQueue, answer: { code: string; status: RunStatus; seq: number }): Settled {
  if (answer.code === "RUN_IS_OVER") return notesOnly(queue, answer.status, answer.seq);
  if (answer.code === "GAP") {
    const again = [...queue.sent, ...queue.waiting].filter((known) => known.seq > answer.seq);
    // Sent again from the gap on, unless that is what was just sent.
    if (again[0]?.seq === answer.seq + 1 && again[0] !== queue.waiting[0]) {
      const sent = queue.sent.filter((known) => known.seq <= answer.seq);
      return { queue: { ...queue, seq: answer.seq, sent, waiting: again }, renumbered: [] };
    }
  }
  // The object and this claim disagree on `seq`: a new claim begins with the object's.
  return { queue, stop: { kind: "cut-off" }, renumbered: [] };
}

/** The edge will never accept this report, so the run ends instead. An edge that cannot read even that is older than this bridge. */
function giveUp(queue: ReportQueue, head: Numbered, what: string): Settled {
  if (queue.isGivenUp) return { queue: { ...queue, waiting: [] }, stop: { kind: "fenced" }, renumbered: [] };
  const failed: Report = { type: "failed", error: reportMalformed(head.report.type, what) };
  const notes = queue.waiting.filter((waiting) => waiting !== head && waiting.report.type === "noted");
  const reports = [failed, ...notes.map(({ report }) => report)];
  const renumbered = reports.map((report, index) => number(queue.epoch, head.seq + index, report));
  return {
    queue: { ...queue, waiting: renumbered, isGivenUp: true },
    stop: { kind: "over", status: "failed" },
    renumbered,
  };
}

/** After the end the object accepts ledger notes only (D6); they are renumbered after its last number. */
function notesOnly(queue: ReportQueue, status: RunStatus, seq: number): Settled {
  const notes = queue.waiting.filter((waiting) => waiting.report.type === "noted");
  const renumbered = notes.map((waiting, index) => number(queue.epoch, seq + 1 + index, waiting.report));
  return { queue: { ...queue, seq, waiting: renumbered }, stop: { kind: "over", status }, renumbered };
}

function isLast(report: Report): boolean {
  return report.type === "ready" || report.type === "failed";
}

function number(epoch: number, seq: number, report: Report): Numbered {
  const transition: Transition = { epoch, seq, ...report };
  return { seq, report, body: JSON.stringify(transition) };
}
