import type { Platform } from "#async/platform.ts";
import type { ClaimAnswer } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Cancels } from "../edge/cancel.ts";
import type { Edge } from "../edge/edge.ts";
import type { Stop } from "../ending.ts";
import type { Log } from "../log.ts";
import { openReporter, type Reporter } from "../edge/report.ts";
import type { RunLog } from "../edge/run-log.ts";
import { withPhases } from "../metrics/phases-of-reports.ts";
import type { RunMetrics } from "../metrics/runs.ts";
import { openTracer, type TraceLog, type Tracer } from "../edge/trace.ts";

export type ClaimSessionDeps = {
  edge: Edge;
  cancels: Cancels;
  runLog: RunLog;
  traceLog: TraceLog;
  settings: Settings;
  platform: Pick<Platform, "monotonic" | "every">;
  metrics: RunMetrics;
  /** Aborted when the bridge shuts down. */
  leaving: AbortSignal;
  log: Log;
};

/** A claimed run that this bridge works on. */
export type ClaimSession = {
  report: Reporter;
  /** Aborted, with a Stop as reason, when work on the run must stop. */
  signal: AbortSignal;
  /** The object's clock (D5): its time at the claim plus the time since. */
  now: () => number;
  trace: Tracer;
  release(): void;
};

/**
 * Opens the reporter of a claim, sends signs of life (D7) and listens for what may stop the run: a cancel, a newer claim,
 * the shutdown of this bridge.
 */
export function openClaimSession(
  deps: ClaimSessionDeps,
  runId: RunId,
  lost: AbortSignal,
  claim: ClaimAnswer,
): ClaimSession {
  const { edge, settings, leaving } = deps;
  const claimedAt = deps.platform.monotonic();
  const controller = new AbortController();
  const stop = (why: Stop) => controller.abort(why);
  const reporter = openReporter(
    { edge, runLog: deps.runLog, onStop: stop, patienceMs: settings.effectTimeoutMs, log: deps.log },
    { id: runId, epoch: claim.epoch, seq: claim.seq, status: claim.status, ledger: claim.ledger },
  );
  const onLeaving = () => stop({ kind: "leaving" });
  const now = () => claim.now + (deps.platform.monotonic() - claimedAt);
  const report = withPhases(reporter, claim, { metrics: deps.metrics, now });
  const trace = openTracer(deps.traceLog, { id: runId, epoch: claim.epoch, now });
  const beat = async () => {
    trace.flush();
    const answer = await edge.alive(runId, claim.epoch, { patienceMs: 0, signal: controller.signal });
    if (answer.kind === "stale") stop({ kind: "fenced" });
    if (answer.kind === "unknown-run") stop({ kind: "unknown-run" });
    if (answer.kind === "ok" && isOver(answer.value.status)) stop({ kind: "over", status: answer.value.status });
  };
  leaving.addEventListener("abort", onLeaving);
  // The epoch decides whose run it is, not the lock: a Redis that lost everything must not stop the run (D1).
  lost.addEventListener("abort", beat);
  const unlisten = deps.cancels.listen(runId, () => stop({ kind: "over", status: "canceled" }));
  const stopBeating = deps.platform.every(settings.aliveMs, () => void beat());
  return {
    report,
    signal: controller.signal,
    now,
    trace,
    release() {
      trace.flush();
      stopBeating();
      unlisten();
      leaving.removeEventListener("abort", onLeaving);
      lost.removeEventListener("abort", beat);
    },
  };
}
