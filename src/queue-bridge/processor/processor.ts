import { given } from "#lang/given.ts";
import type { ClaimAnswer } from "#protocol/claim.ts";
import { owedAssets } from "#run/ledger.ts";
import { isOver, type RunStatus } from "#protocol/run-status.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Access, Opened } from "../business-unit/access.ts";
import { mayBeStaleMetadata } from "../run/query-failures.ts";
import { cleanUp } from "../left-over/cleanup.ts";
import { withAnyConnection, type AnyConnectionDeps } from "../left-over/any-connection.ts";
import { drive } from "./drive.ts";
import type { RunMemory, QueuedJob } from "../run/memory.ts";
import { stopOf } from "../run/run-in-hand.ts";
import type { Ending } from "../ending.ts";
import type { FailPoint } from "../fail-point.ts";
import { connectionGone, internal } from "../run/failures.ts";
import { flowOf } from "../flows/registry.ts";
import type { Durations } from "../business-unit/durations.ts";
import { openClaimSession, type ClaimSession, type ClaimSessionDeps } from "./claim-session.ts";
import type { ProbedUnits } from "../business-unit/capabilities.ts";
import type { Alphabets } from "../business-unit/alphabets.ts";
import type { FolderFinder } from "../business-unit/folders.ts";
import { placesOf } from "#lang/places.ts";
import { factsOf, logCall, withFacts } from "../log.ts";
import type { Metadata } from "#inspect/metadata.ts";
import type { Reporter } from "../edge/report.ts";
import type { Capacity } from "../run/capacity.ts";
import type { RefusedLooks } from "../business-unit/refused-looks.ts";
import type { SoapAccounts } from "../business-unit/soap-accounts.ts";
import type { StatusBoard } from "../business-unit/status-board.ts";
import type { UnsentGrants } from "../edge/unsent-grants.ts";

export type ProcessorDeps = ClaimSessionDeps &
  AnyConnectionDeps & {
    access: Access;
    platform: Platform;
    statusBoard: StatusBoard;
    folders: FolderFinder;
    metadata: Metadata;
    alphabets: Alphabets;
    durations: Durations;
    soapAccounts: SoapAccounts;
    refusedLooks: RefusedLooks;
    probedUnits: ProbedUnits;
    unsent: UnsentGrants;
    capacity: Capacity;
    failPoint: FailPoint;
  };

export type JobInHand = {
  job: QueuedJob;
  memory: RunMemory;
  /** Aborted when the job's lock is lost: another bridge may have the job now. */
  lost: AbortSignal;
};

/** `later`: the job must be delayed by `waitMs`; `elsewhere`: another start continues the run, and keeps its slot. */
export type Processed = { kind: "done" } | { kind: "elsewhere" } | { kind: "later"; waitMs: number };

/** Starts that may meet a bug before the run fails: a temporary state goes away, a real bug does not. */
const bugTries = 3;

/**
 * Executes one start of the processor: claims the run and does the task that the object gives (D5, D6).
 *
 * @throws our own words only, when BullMQ must retry
 */
export async function processJob(shared: ProcessorDeps, hand: JobInHand): Promise<Processed> {
  const log = withFacts(shared.log, factsOf(hand.job));
  const deps = { ...shared, log };
  const { edge, settings, metrics } = deps;
  const { runId, delivery } = hand.job;
  const patienceMs = settings.effectTimeoutMs;
  const ask = { claimId: deps.platform.uuid(), delivery };
  const answer = await edge.claim(runId, ask, { patienceMs, signal: deps.leaving });
  if (deps.leaving.aborted) return { kind: "later", waitMs: 0 };
  if (answer.kind === "unreachable") throw new Error(`Cannot claim run "${runId}": ${answer.why}`);
  if (answer.kind !== "ok") {
    if (answer.kind === "unknown-run") metrics.claimed("unknown-run");
    log("run unknown", { delivery, why: answer.kind });
    return { kind: "done" };
  }
  const claim = answer.value;
  metrics.claimed(claim.task);
  log("claimed", { delivery, epoch: claim.epoch, task: claim.task, status: claim.status });
  deps.failPoint("claim:after");
  if (claim.task === "none") return { kind: isOver(claim.status) ? "done" : "elsewhere" };
  const release = deps.capacity.take();
  const held = openClaimSession(deps, hand.job.runId, hand.lost, claim);
  try {
    return await work(deps, hand, claim, held);
  } finally {
    held.release();
    release();
  }
}

async function work(deps: ProcessorDeps, hand: JobInHand, claim: ClaimAnswer, held: ClaimSession): Promise<Processed> {
  const { runId } = hand.job;
  const mce = await deps.access.openPatiently(claim.tenancy, held.signal, (call) => {
    held.trace.call(call);
    logCall(deps.log, call);
  });
  if (claim.task === "cleanup") {
    await withAnyConnection(deps, claim.tenancy, mce, (opened) =>
      cleanUp(cleanupDeps(deps, opened.mce("ends"), held.report, claim.tenancy), runId, claim.owed),
    );
    return { kind: "done" };
  }
  const ending = await endingOf(deps, hand, claim, held, mce);
  const code = ending.kind === "failed" ? ending.error.code : undefined;
  deps.log("start ended", { ending: ending.kind, ...given({ code }) });
  return conclude(deps, hand, held.report, ending, claim.epoch, mce);
}

async function endingOf(
  deps: ProcessorDeps,
  { job, memory }: JobInHand,
  claim: ClaimAnswer,
  { report, signal, now, trace }: ClaimSession,
  opened: Opened,
): Promise<Ending> {
  const stop = stopOf(signal);
  if (stop !== undefined) return stop;
  if (opened.kind === "gone") return { kind: "failed", error: connectionGone() };
  if (opened.kind === "unreadable") {
    return { kind: "failed", error: internal("The connection to Marketing Cloud could not be read") };
  }
  if (claim.spec === undefined) return { kind: "failed", error: internal("The run arrived without its query") };
  const flow = flowOf(claim.spec.flow);
  if (flow === undefined)
    return { kind: "failed", error: internal(`This service has no flow "${claim.spec.flow}" yet`) };
  const { edge, settings, capacity, failPoint, log, folders, metadata, alphabets, durations } = deps;
  const { soapAccounts, refusedLooks, platform, statusBoard, unsent, metrics } = deps;
  const known = { folders, metadata, alphabets, durations, soapAccounts, refusedLooks, unsent, statusBoard };
  const probed = deps.probedUnits.startOf(claim.tenancy);
  const shared = { edge, settings, capacity, failPoint, log, platform, metrics, probed, ...known };
  const { mce: calls, reserve } = opened;
  const notes = [...(memory.read().notes ?? [])];
  const ours = { spec: claim.spec, claim, report, signal, now, trace, memory, notes };
  const run = { ...shared, ...ours, mce: calls("starts"), calls, reserve };
  const ending = await drive(run, flow).catch((error: unknown) => {
    log("bug", { places: placesOf(error) });
    return undefined;
  });
  if (ending?.kind === "failed" && mayBeStaleMetadata(ending.error)) metadata.forget(claim.tenancy);
  if (ending !== undefined) return ending;
  const { bugs = 0 } = memory.read();
  if (bugs < bugTries) {
    await memory.save({ bugs: bugs + 1 });
    // BullMQ keeps this text in Redis, so it must not quote what the bug met.
    throw new Error(`Cannot continue run "${job.runId}": a bug, see the log`);
  }
  return { kind: "failed", error: internal("The run failed several times because of an error inside this service") };
}

/** Reports how this start ended, and cleans up according to the object's answer, not our own belief (D6). */
async function conclude(
  deps: ProcessorDeps,
  { job }: JobInHand,
  report: Reporter,
  ending: Ending,
  epoch: number,
  opened: Opened,
): Promise<Processed> {
  const { runId } = job;
  if (ending.kind === "fenced" || ending.kind === "unknown-run") return leftAs(ending.kind);
  const kept = ending.kind === "failed" && ending.keepsTable ? { keepsTable: true as const } : {};
  if (ending.kind === "failed") {
    const { error, evidence } = ending;
    report.put({ type: "failed", error, ...given({ evidence }), ...kept });
  }
  await report.flushed();
  if (report.isFenced()) return leftAs(report.isUnknown() ? "unknown-run" : "fenced");
  if (ending.kind === "later") return ending;
  if (ending.kind === "leaving") return { kind: "later", waitMs: 0 };
  if (ending.kind === "cut-off") throw new Error(`Cannot continue run "${runId}": the edge does not answer`);
  const status = await statusOf(deps, report, job, epoch);
  if (status === "fenced" || status === "unknown-run") return leftAs(status);
  if (status === undefined) throw new Error(`Cannot end run "${runId}": the edge does not answer`);
  // A cancel that the object does not confirm: the run continues with a new claim.
  if (!isOver(status)) return { kind: "later", waitMs: 0 };
  const code = ending.kind === "failed" ? ending.error.code : undefined;
  deps.metrics.ended({ flow: job.flow, status, ...given({ code }) });
  if (opened.kind === "open") {
    // A result that exists now has not expired yet.
    const expiry = status === "ready" || kept.keepsTable ? { expiresAt: Infinity } : {};
    const owed = owedAssets(report.ledger(), { status, ...expiry }, deps.platform.now());
    await cleanUp(cleanupDeps(deps, opened.mce("ends"), report, job), runId, owed);
  }
  return { kind: "done" };
}

/** A fenced run keeps its slot for the start that has it; an unknown run needs no slot. */
function leftAs(why: "fenced" | "unknown-run"): Processed {
  return { kind: why === "fenced" ? "elsewhere" : "done" };
}

async function statusOf(
  deps: ProcessorDeps,
  report: Reporter,
  { runId }: QueuedJob,
  epoch: number,
): Promise<RunStatus | "fenced" | "unknown-run" | undefined> {
  if (isOver(report.status())) return report.status();
  const answer = await deps.edge.alive(runId, epoch, { patienceMs: deps.settings.effectTimeoutMs });
  if (answer.kind === "stale") return "fenced";
  if (answer.kind === "unknown-run") return "unknown-run";
  return answer.kind === "ok" ? answer.value.status : undefined;
}

function cleanupDeps(deps: ProcessorDeps, mce: Mce, report: Reporter, { tenantId, mid }: BusinessUnit) {
  const { failPoint, log, settings, folders, platform } = deps;
  return { mce, unit: { tenantId, mid }, folders, report, failPoint, log, settings, platform };
}
