import type { Answer, MceFailure } from "#mce/failure.ts";
import { answered } from "#mce/failure.ts";
import { customerKeyOf } from "#protocol/names.ts";
import { attemptOf } from "./attempt.ts";
import type { DrivenRun } from "./driven-run.ts";
import type { ResultState, RowsAsk } from "./flow.ts";
import type { OrderedPage } from "./ordered-rowset.ts";
import { readFirstPage } from "./ordered-rowset.ts";
import { readRowsBySoap } from "./soap-rows.ts";

const orderLost =
  "Marketing Cloud did not sort these rows as it was asked to, and they are too many to be sorted here (over 2,500): their pages come in no order";

/** The rowset alone is asked for half of the patience, then SOAP beside it; a rowset that hangs then gets a twelfth. */
const alone = 1 / 2;
const hangs = 1 / 12;

/**
 * Asks for the rows of a run's own table: by rowset, and once the query has ended and that gives nothing, by SOAP. An
 * account that needed SOAP is asked by it at once the next time.
 */
export async function readTempRows(run: DrivenRun, ask: RowsAsk): Promise<Answer<ResultState>> {
  const { tenantId } = run.spec.tenancy;
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  const before = termsOf(run, ask);
  const read = await readFirstPage(withTime(run, before.rowsetMs), customerKey);
  if (read.ok && read.value !== undefined) {
    run.soapAccounts.forget(tenantId);
    return answered(stateOf(customerKey, read.value));
  }
  const failure = read.ok ? undefined : read.failure;
  const silent = silence(failure);
  // Stopped, or asked for patience: neither says anything of the rowset.
  if (run.signal.aborted || failure?.kind === "throttled") return silent;
  await noteDown(run, ask);
  const { isSoapDue, isOver } = termsOf(run, ask);
  const isRefused = ask.endedUntil !== undefined && isRefusal(failure);
  if (!(isSoapDue || isRefused)) return silent;
  const bySoap = await readRowsBySoap(run, customerKey, ask);
  if (bySoap.ok) {
    run.soapAccounts.remember(tenantId);
    return bySoap;
  }
  if (bySoap.failure.kind === "throttled") return bySoap;
  // Refused everywhere: it is the connection.
  if (bySoap.failure.kind === "unauthorized" && failure?.kind === "unauthorized") return bySoap;
  if (!isOver || run.signal.aborted) return silent;
  const words = [failure?.message, bySoap.failure.message].filter((text) => text !== undefined);
  return answered({ kind: "unreadable", message: words.join("\n") });
}

function stateOf(customerKey: string, page: OrderedPage): ResultState {
  const { count, requestToken, tokenExpiresAt, orderBy, isSortedHere, isOrderLost } = page;
  const handle = {
    customerKey,
    ...(requestToken === undefined ? {} : { requestToken }),
    ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt }),
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(isSortedHere === undefined ? {} : { isSortedHere }),
  };
  return { kind: "answers", count, rowCount: count, handle, notes: isOrderLost ? [orderLost] : [] };
}

/** A refusal ends no run here: another road may be open. */
function silence(failure: MceFailure | undefined): Answer<ResultState> {
  return failure === undefined || isRefusal(failure) ? answered({ kind: "silent" }) : { ok: false, failure };
}

function isRefusal(failure: MceFailure | undefined): boolean {
  return failure?.kind === "forbidden" || failure?.kind === "unauthorized";
}

type Terms = {
  isSoapDue: boolean;
  /** Both roads have had their time. */
  isOver: boolean;
  /** How long the rowset may take. */
  rowsetMs: number;
};

/** What may be done now; the patience ends with the run's time at the latest. */
function termsOf(run: DrivenRun, { endedUntil }: RowsAsk): Terms {
  const { rowsetPatienceMs, readTimeoutMs } = run.settings;
  const now = run.now();
  const leastMs = rowsetPatienceMs * hangs;
  const isKnown = run.soapAccounts.needsSoap(run.spec.tenancy.tenantId);
  if (endedUntil === undefined) {
    return { isSoapDue: isKnown, isOver: false, rowsetMs: isKnown ? leastMs : readTimeoutMs };
  }
  const since = downSince(run) ?? now;
  const soapAt = Math.min(since + rowsetPatienceMs * alone, endedUntil - 2 * leastMs);
  const isSoapDue = isKnown || now >= soapAt;
  const isOver = now >= Math.min(since + rowsetPatienceMs, endedUntil - leastMs);
  const rowsetMs = isSoapDue ? leastMs : Math.max(leastMs, soapAt - now);
  return { isSoapDue, isOver, rowsetMs };
}

function downSince(run: DrivenRun): number | undefined {
  const { rowsDown } = run.memory.read();
  return rowsDown?.attempt === attemptOf(run) ? rowsDown.at : undefined;
}

async function noteDown(run: DrivenRun, { endedUntil }: RowsAsk): Promise<void> {
  if (endedUntil === undefined || downSince(run) !== undefined) return;
  await run.memory.save({ rowsDown: { attempt: attemptOf(run), at: run.now() } });
}

function withTime(run: DrivenRun, ms: number): DrivenRun {
  const { readTimeoutMs } = run.settings;
  if (ms >= readTimeoutMs) return run;
  return { ...run, signal: AbortSignal.any([run.signal, run.platform.timeout(ms)]) };
}
