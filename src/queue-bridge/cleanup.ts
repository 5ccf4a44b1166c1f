import { deleteDataExtension } from "#mce/soap/data-extension.ts";
import { deleteQueryDefinition, findQueryDefinitions } from "#mce/soap/query-definition.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { LedgerEntry } from "#protocol/ledger.ts";
import { owedAssets } from "#protocol/ledger.ts";
import { readCustomerKey } from "#protocol/names.ts";
import type { RunStatus } from "#protocol/run.ts";
import type { FailPoint } from "./fail-point.ts";
import type { Log } from "./log.ts";
import type { Reporter } from "./report.ts";
import { sleep } from "./sleep.ts";

export type CleanupDeps = { mce: Mce; report: Reporter; failPoint: FailPoint; log: Log; retryMs: number };

/** What the object says about the run; `isExpired` once its rows need not be kept any more. */
export type CleanupRun = { id: string; status: RunStatus; isExpired: boolean };

const tries = 3;

/**
 * Deletes what the run owes (R11), queries before their tables, and notes each. Safe to repeat: what is not there counts
 * as deleted. Only keys made of this run's id are ever touched.
 *
 * @returns how many assets could not be deleted; the object puts the job again for them (D6)
 */
export async function cleanUp(deps: CleanupDeps, run: CleanupRun): Promise<number> {
  const { report, failPoint, log } = deps;
  // The object has judged whether the rows have expired; here only its word counts, no clock.
  const owed = owedAssets(report.ledger(), { status: run.status, expiresAt: run.isExpired ? 0 : Infinity }, 1);
  const own = owed.filter((entry) => readCustomerKey(entry.customerKey)?.runId === run.id);
  const queriesFirst = own.toSorted((one, other) => rank(one) - rank(other));
  let left = owed.length - own.length;
  if (queriesFirst.length > 0) failPoint("cleanup:before");
  for (const entry of queriesFirst) {
    // The answer to the last note may say that another bridge has the run by now; then it has the clean-up too.
    await report.flushed();
    if (report.isFenced()) return left;
    const isGone = await deleteAsset(deps, entry);
    if (isGone) report.put({ type: "noted", note: deletedNote(entry) });
    else left += 1;
  }
  await report.flushed();
  if (queriesFirst.length > 0) failPoint("cleanup:after");
  if (left > 0) log("clean-up unfinished", { runId: run.id, count: left });
  return left;
}

function rank(entry: LedgerEntry): number {
  return entry.asset === "queryDefinition" ? 0 : 1;
}

function deletedNote({ asset, attempt, customerKey }: LedgerEntry) {
  return { state: "deleted", asset, attempt, customerKey } as const;
}

async function deleteAsset(deps: CleanupDeps, entry: LedgerEntry): Promise<boolean> {
  for (let n = 1; ; n += 1) {
    const answer =
      entry.asset === "queryDefinition" ? await deleteQuery(deps.mce, entry) : await deleteTable(deps, entry);
    if (answer.ok) return true;
    const isPassing = answer.failure.kind === "unavailable" || answer.failure.kind === "throttled";
    if (!isPassing || n === tries) return false;
    await sleep(deps.retryMs * n);
  }
}

async function deleteTable({ mce }: CleanupDeps, { customerKey }: LedgerEntry): Promise<Answer<unknown>> {
  return deleteDataExtension(mce, { customerKey });
}

/** Queries are deleted by ObjectID (FACTS 5.3); one whose Create got no answer is looked for by its key. */
async function deleteQuery(mce: Mce, { customerKey, objectId }: LedgerEntry): Promise<Answer<unknown>> {
  if (objectId !== undefined) return deleteQueryDefinition(mce, { objectId });
  const found = await findQueryDefinitions(mce, { customerKey });
  if (!found.ok) return found;
  for (const query of found.value) {
    const deleted = await deleteQueryDefinition(mce, { objectId: query.objectId });
    if (!deleted.ok) return deleted;
  }
  return { ok: true, value: undefined };
}
