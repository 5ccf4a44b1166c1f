import type { LedgerEntry } from "#protocol/ledger-note.ts";
import { noteAsset } from "#run/ledger.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import type { Edge } from "./edge.ts";
import type { Stop } from "../ending.ts";
import type { Log } from "../log.ts";
import { enqueue, newQueue, settle, type Report } from "./report-queue.ts";
import type { RunLog } from "./run-log.ts";

/** Sends the run object, in order, what happens to one run during one claim. */
export type Reporter = {
  /** Queues a report and returns at once. */
  put(report: Report): void;
  /** Resolves when the object has answered everything, or nothing more can be sent. */
  flushed(): Promise<void>;
  /** The run's status in the object's last answer. */
  status(): RunStatus;
  /** A newer claim exists, or no run: from now on nothing of the run may be touched (D5). */
  isFenced(): boolean;
  /** The object does not know the run: no other bridge continues it. */
  isUnknown(): boolean;
  /** The run's assets: as claimed, with the notes since. */
  ledger(): readonly LedgerEntry[];
};

export type ReporterDeps = {
  edge: Pick<Edge, "send">;
  runLog: RunLog;
  /** Called when an answer means that this bridge has to stop. */
  onStop: (stop: Stop) => void;
  patienceMs: number;
  log: Log;
};

export type Claimed = {
  id: RunId;
  epoch: number;
  seq: number;
  status: RunStatus;
  ledger: readonly LedgerEntry[];
};

/**
 * Opens the reporter of one claim. Every report takes two ways (D8): to the Redis log at once, and to the object one after
 * the other; when one way fails, the other continues.
 */
export function openReporter(deps: ReporterDeps, claimed: Claimed): Reporter {
  let queue = newQueue(claimed.epoch, claimed.seq);
  let status = claimed.status;
  let ledger = claimed.ledger;
  let isCutOff = false;
  let isFenced = false;
  let isUnknown = false;
  let isSending = false;
  let sending = Promise.resolve();

  async function sendAll(): Promise<void> {
    isSending = true;
    for (;;) {
      const [head] = queue.waiting;
      if (head === undefined || isCutOff) {
        isSending = false;
        return;
      }
      const answer = await deps.edge.send(claimed.id, head.body, { patienceMs: deps.patienceMs });
      if (answer.kind === "ok") status = answer.value.status;
      if (answer.kind === "refused") status = answer.status;
      if (answer.kind === "malformed") {
        deps.log("report malformed", { runId: claimed.id, seq: head.seq, why: `${head.report.type}: ${answer.what}` });
      }
      const settled = settle(queue, answer);
      queue = settled.queue;
      for (const numbered of settled.renumbered) deps.runLog(claimed.id, numbered.body);
      isUnknown = settled.stop?.kind === "unknown-run";
      isFenced = isUnknown || settled.stop?.kind === "fenced";
      isCutOff = isFenced || settled.stop?.kind === "cut-off";
      if (settled.stop !== undefined) deps.onStop(settled.stop);
    }
  }

  return {
    put(report) {
      if (report.type === "noted") ledger = noteAsset(ledger, report.note);
      const next = enqueue(queue, report);
      queue = next.queue;
      deps.runLog(claimed.id, next.numbered.body);
      if (!isSending) sending = sendAll();
    },
    async flushed() {
      let seen: Promise<void>;
      do {
        seen = sending;
        await seen;
      } while (seen !== sending);
    },
    status: () => status,
    isFenced: () => isFenced,
    isUnknown: () => isUnknown,
    ledger: () => ledger,
  };
}
