import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { customerKeyOf } from "#run/names.ts";
import { attemptOf, type RunInHand } from "../run/run-in-hand.ts";
import type { ResultState, RowsAsk } from "../run/flow.ts";
import { countsOf, hiddenFieldsOf, type HiddenFields } from "./look-rows.ts";
import { readFirstPage, type OrderedPage } from "./ordered-rowset.ts";
import { readRowsBySoap } from "./soap-rows.ts";

/** Shares of `rowsetPatienceMs`: how long the rowset alone is asked, and the timeout of a rowset once SOAP is asked too. */
const aloneShare = 1 / 2;
const timeoutShare = 1 / 12;

/**
 * Reads the rows of a run's own table: by rowset, and by SOAP if the query has ended and the rowset does not answer. For a
 * tenant that needed SOAP before, SOAP is tried at once.
 */
export async function readTempRows(run: RunInHand, ask: RowsAsk): Promise<Answer<ResultState>> {
  const { tenantId } = run.spec.tenancy;
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  const before = termsOf(run, ask);
  // A rowset that has long been silent is asked last: otherwise its HTTP 429 would block SOAP too.
  const soapFirst = before.isOverdue ? await readRowsBySoap(run, customerKey, ask) : undefined;
  if (soapFirst?.ok) return remembered(run, soapFirst);
  const hidden = hiddenFieldsOf(run, ask);
  const read = await readFirstPage(withTime(run, before.rowsetMs), customerKey, hidden);
  if (read.ok && read.value !== undefined) {
    run.soapAccounts.forget(tenantId);
    return ok(stateOf(run, customerKey, read.value, hidden));
  }
  const failure = read.ok ? undefined : read.error;
  const silent = silence(failure);
  if (run.signal.aborted) return silent;
  await noteDown(run, ask);
  const { isSoapDue, isOver } = termsOf(run, ask);
  const isRefused = ask.endedUntil !== undefined && isRefusal(failure);
  if (!(isSoapDue || isRefused)) return silent;
  const bySoap = soapFirst ?? (await readRowsBySoap(run, customerKey, ask));
  if (bySoap.ok) return remembered(run, bySoap);
  if (bySoap.error.kind === "throttled") return bySoap;
  // Refused both ways: it is the connection.
  if (bySoap.error.kind === "unauthorized" && failure?.kind === "unauthorized") return bySoap;
  if (!isOver || run.signal.aborted) return silent;
  const messages = [failure?.message, bySoap.error.message].filter((text) => text !== undefined);
  return ok({ kind: "unreadable", message: messages.join("\n") });
}

function remembered<T>(run: RunInHand, bySoap: T): T {
  run.soapAccounts.remember(run.spec.tenancy.tenantId);
  return bySoap;
}

function stateOf(
  run: RunInHand,
  customerKey: string,
  page: OrderedPage,
  hidden: HiddenFields | undefined,
): ResultState {
  const { count, items, requestToken, tokenExpiresAt, orderBy, isSortedHere } = page;
  const handle = {
    customerKey,
    ...given({ requestToken, tokenExpiresAt, orderBy, isSortedHere }),
  };
  const counts = hidden === undefined ? {} : countsOf(run, items, hidden);
  // Rows without a count are all that the query has.
  return { kind: "answers", count, ...(counts.truncated === undefined ? { rowCount: count } : counts), handle };
}

/** A refusal does not end the run here: the other way may be open. */
function silence(failure: MceFailure | undefined): Answer<ResultState> {
  return failure === undefined || isRefusal(failure) ? ok({ kind: "silent" }) : err(failure);
}

function isRefusal(failure: MceFailure | undefined): boolean {
  return failure?.kind === "forbidden" || failure?.kind === "unauthorized";
}

type Terms = {
  isSoapDue: boolean;
  /** The rowset has had its half of the time. */
  isOverdue: boolean;
  /** Both ways have had their time. */
  isOver: boolean;
  /** Timeout of the rowset. */
  rowsetMs: number;
};

/** What may be tried now; the time ends at the run's deadline at the latest. */
function termsOf(run: RunInHand, { endedUntil }: RowsAsk): Terms {
  const { rowsetPatienceMs, readTimeoutMs } = run.settings;
  const now = run.now();
  const leastMs = rowsetPatienceMs * timeoutShare;
  const isKnown = run.soapAccounts.needsSoap(run.spec.tenancy.tenantId);
  if (endedUntil === undefined) {
    return { isSoapDue: isKnown, isOverdue: false, isOver: false, rowsetMs: isKnown ? leastMs : readTimeoutMs };
  }
  const since = downSince(run) ?? now;
  const soapAt = Math.min(since + rowsetPatienceMs * aloneShare, endedUntil - 2 * leastMs);
  const isOverdue = now >= soapAt;
  const isSoapDue = isKnown || isOverdue;
  const isOver = now >= Math.min(since + rowsetPatienceMs, endedUntil - leastMs);
  const rowsetMs = isSoapDue ? leastMs : Math.max(leastMs, soapAt - now);
  return { isSoapDue, isOverdue, isOver, rowsetMs };
}

function downSince(run: RunInHand): number | undefined {
  const { rowsDown } = run.memory.read();
  return rowsDown?.attempt === attemptOf(run) ? rowsDown.at : undefined;
}

async function noteDown(run: RunInHand, { endedUntil }: RowsAsk): Promise<void> {
  if (endedUntil === undefined || downSince(run) !== undefined) return;
  await run.memory.save({ rowsDown: { attempt: attemptOf(run), at: run.now() } });
}

function withTime(run: RunInHand, ms: number): RunInHand {
  const { readTimeoutMs } = run.settings;
  if (ms >= readTimeoutMs) return run;
  return { ...run, signal: AbortSignal.any([run.signal, run.platform.timeout(ms)]) };
}
