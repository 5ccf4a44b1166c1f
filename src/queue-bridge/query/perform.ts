import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import { performQuery } from "#mce/soap/perform.ts";
import type { Grant } from "#protocol/grant.ts";
import { endHere, stopOf, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import { explain } from "../run/failures.ts";
import { reportMalformed } from "../edge/malformed.ts";
import type { Flow, Shell } from "../run/flow.ts";
import { backoff } from "#async/backoff.ts";
import { settleLost } from "./settle.ts";

/** How long a stop waits for the answer to a grant: many round trips to the edge. */
const answerMs = 2000;

/**
 * A query that MCE has accepted: `taskId` is absent when the answer was lost but the query certainly ran. `at` is the
 * grant's time, `sentMs` the longest time from then until Perform was answered or given up.
 */
export type Performed = { n: number; at: number; sentMs: number; taskId?: string };

/** How often Perform is sent when MCE never answers it and the query never runs. */
const performsMax = 4;

/**
 * Starts the query, once per grant of the object (D4): no grant, no Perform. A grant that an earlier start of the processor
 * left open is settled first, by reading.
 */
export async function perform(run: RunInHand, flow: Flow, shell: Shell): Promise<Outcome<Performed>> {
  const giveUpAt = run.now() + run.settings.mcePatienceMs;
  let refusals = 0;
  let grant = run.claim.grant;
  let sentMs = grant === undefined ? 0 : sentBefore(run, grant);
  for (;;) {
    if (grant === undefined || grant.state === "rejected") {
      const asked = await reserveAndAsk(run, (grant?.n ?? 0) + 1);
      if (!asked.ok) return asked;
      grant = asked.value.grant;
      if (asked.value.isOurs) {
        const sent = await send(run, shell, grant);
        sentMs = run.now() - grant.at;
        if (sent.kind === "performed") return ok(sent.performed);
        if (sent.kind === "ending") return err(sent.ending);
        if (sent.kind === "refused") {
          grant = { ...grant, state: "rejected" };
          const waitMs = Math.max(backoff(refusals, run.settings), sent.waitMs);
          refusals += 1;
          if (run.now() + waitMs > giveUpAt) return endHere(run, { kind: "failed", error: sent.error });
          await run.platform.sleep(waitMs, run.signal);
          if (run.signal.aborted) return endHere(run, { kind: "leaving" });
          continue;
        }
      }
    }
    if (grant.state === "performed") return ok(performedOf(grant, sentMs));
    const settled = await settleGrant(run, flow, shell, grant, sentMs);
    if (!settled.ok) return settled;
    grant = settled.value;
    // Never running, however often it was sent: MCE does not accept it.
    if (grant.state === "rejected" && grant.n >= performsMax) {
      const never = { kind: "unavailable", retry: "later", effect: "none", message: "" } as const;
      return endHere(run, { kind: "failed", error: explain(never, "starting the query") });
    }
  }
}

/**
 * Finds out what happened to a Perform that was granted. If an earlier start has recorded that it did not send it, nothing
 * did; a start that has just been fenced may record that late.
 */
async function settleGrant(
  run: RunInHand,
  flow: Flow,
  shell: Shell,
  grant: Grant,
  sentMs: number,
): Promise<Outcome<Grant>> {
  if (await run.unsent.has(grant.nonce)) return freed(run, grant);
  const settled = await settleLost(run, flow, shell, grant, sentMs);
  const isUnknown = !settled.ok && settled.error.kind === "failed" && settled.error.error.code === "OUTCOME_UNKNOWN";
  return isUnknown && (await run.unsent.has(grant.nonce)) ? freed(run, grant) : settled;
}

function freed(run: RunInHand, grant: Grant): Outcome<Grant> {
  run.report.put({ type: "performRejected", n: grant.n, evidence: "refused" });
  return ok({ ...grant, state: "rejected" });
}

/** Returns a grant that will not be used, so that the next start may request another. */
async function giveBack(run: RunInHand, { n, nonce }: Pick<Grant, "n" | "nonce">): Promise<void> {
  run.report.put({ type: "performRejected", n, evidence: "refused" });
  await run.unsent.note(nonce);
}

/** An earlier start sent it before this one claimed the run, and not later than the timeouts of the token and the call. */
function sentBefore({ claim, memory, settings }: RunInHand, { n, at }: Grant): number {
  const kept = memory.read().perform;
  if (kept?.n === n && kept.sentMs !== undefined) return kept.sentMs;
  return Math.min(Math.max(0, claim.now - at), settings.readTimeoutMs + settings.effectTimeoutMs);
}

function performedOf(grant: Grant, sentMs: number): Performed {
  return { n: grant.n, at: grant.at, sentMs, ...given({ taskId: grant.taskId }) };
}

/** Requests a grant once the call budget has room: if the run were stopped while a grant waits, the grant would stay open. */
async function reserveAndAsk(run: RunInHand, n: number): ReturnType<typeof askGrant> {
  const refusal = await run.reserve("starts", 1, run.signal);
  if (refusal !== undefined) {
    return endHere(run, { kind: "failed", error: explain(refusal, "starting the query", run.spec) });
  }
  return askGrant(run, n);
}

/** Requests the grant of Perform `n`; all earlier reports must have arrived, so that the object knows the shell. */
async function askGrant(run: RunInHand, n: number): Promise<Outcome<{ grant: Grant; isOurs: boolean }>> {
  await run.report.flushed();
  const stop = stopOf(run.signal);
  if (stop !== undefined) return err(stop);
  run.failPoint("grant:before");
  const ask = { epoch: run.claim.epoch, n, nonce: run.platform.uuid() };
  const answer = await run.edge.grant(run.spec.id, ask, {
    patienceMs: run.settings.effectTimeoutMs,
    signal: afterStop(run),
  });
  switch (answer.kind) {
    case "unknown-run":
      return endHere(run, { kind: "unknown-run" });
    case "stale":
      // An earlier request may have been granted, and its answer lost.
      await run.unsent.note(ask.nonce);
      return endHere(run, { kind: "fenced" });
    case "refused":
      return endHere(run, { kind: "over", status: answer.status });
    case "malformed":
      return endHere(run, { kind: "failed", error: reportMalformed("grant", answer.what) });
    case "unreachable":
      await giveBack(run, ask);
      return endHere(run, { kind: "cut-off" });
    case "ok":
      break;
  }
  run.failPoint("grant:after");
  const { answer: kind, grant, status } = answer.value;
  if (kind === "refused" || grant === undefined) return endHere(run, { kind: "over", status });
  return ok({ grant, isOurs: kind === "granted" });
}

/** Aborts a while after a stop, so that an answer under way can still arrive: a grant that is known can be returned. */
function afterStop({ signal: stop, platform }: RunInHand): AbortSignal {
  const late = new AbortController();
  const wait = () => platform.timeout(answerMs).addEventListener("abort", () => late.abort());
  if (stop.aborted) wait();
  else stop.addEventListener("abort", wait, { once: true });
  return late.signal;
}

type Sent =
  | { kind: "performed"; performed: Performed }
  /** Certainly nothing happened in MCE; it may be retried after `waitMs`. */
  | { kind: "refused"; waitMs: number; error: ReturnType<typeof explain> }
  | { kind: "ending"; ending: Parameters<typeof endHere>[1] }
  /** No answer: the grant stays open. */
  | { kind: "unknown" };

/**
 * Sends one Perform. It is repeated only when MCE refused the token. After `performWithinMs` it is not sent: the process may
 * have stood still, and another start may be settling the grant (D81).
 */
async function send(run: RunInHand, shell: Shell, grant: Grant): Promise<Sent> {
  const { n } = grant;
  const stop = stopOf(run.signal);
  if (stop !== undefined) {
    await giveBack(run, grant);
    return { kind: "ending", ending: stop };
  }
  const mayBeSent = () => run.now() - grant.at <= run.settings.performWithinMs;
  const answer = await performQuery(run.mce, { objectId: shell.queryObjectId, mayBeSent });
  run.failPoint("perform:after");
  if (answer.ok) {
    const { taskId } = answer.value;
    run.report.put({ type: "performed", n, taskId });
    const sentMs = run.now() - grant.at;
    await Promise.all([run.memory.save({ perform: { n, taskId, sentMs } }), run.report.flushed()]);
    run.failPoint("performed:after");
    return { kind: "performed", performed: { n, at: grant.at, sentMs, taskId } };
  }
  const { error: failure } = answer;
  if (failure.kind === "unavailable" && failure.effect === "unknown") return { kind: "unknown" };
  const error = explain(failure, "starting the query", run.spec);
  if (failure.kind === "aborted") {
    await giveBack(run, grant);
    return { kind: "refused", waitMs: 0, error };
  }
  run.report.put({ type: "performRejected", n, evidence: "refused" });
  switch (failure.kind) {
    case "throttled":
      return { kind: "refused", waitMs: failure.waitMs, error };
    case "unavailable":
      return { kind: "refused", waitMs: 0, error };
    case "unauthorized":
    case "forbidden":
    case "rejected":
      return { kind: "ending", ending: { kind: "failed", error } };
  }
}
