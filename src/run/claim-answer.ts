import { given } from "#lang/given.ts";
import type { ClaimAnswer, ClaimRequest, RunSpec, Task } from "#protocol/claim.ts";
import type { LedgerEntry } from "#protocol/ledger-note.ts";
import { noteAsset, owedAssets } from "./ledger.ts";
import { customerKeyOf } from "./names.ts";
import { keepsTable, type Run } from "./run.ts";
import { isOver, type RunStatus } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { RunRecord } from "./record.ts";

/** Adds what a claimed run is about to create to its ledger: the keys are a pure function, so this takes no extra call (D15). */
export function intents(run: Run, ledger: readonly LedgerEntry[]): readonly LedgerEntry[] {
  if (run.status !== "running") return ledger;
  const { attempt = 1 } = run;
  const customerKey = customerKeyOf(run.id, attempt);
  const query = noteAsset(ledger, { state: "intended", asset: "queryDefinition", attempt, customerKey });
  if (run.flow === "run-to-target") return query;
  return noteAsset(query, { state: "intended", asset: "dataExtension", attempt, customerKey });
}

/**
 * Whether another delivery's job is working on the run: its bridge has recently given a sign of life. Such a claim comes
 * from a delivery made before any bridge had claimed the run, and would only fence the bridge that has it.
 */
export function isSuperfluous({ run, upkeep }: RunRecord, ask: ClaimRequest, now: number, settings: Settings): boolean {
  const { holder, heardAt = 0 } = upkeep;
  if (run.status !== "running" || run.claimId === ask.claimId) return false;
  if (holder === undefined || ask.delivery === undefined || ask.delivery === holder) return false;
  return now - heardAt < settings.silentMs;
}

/** The answer to a claim: what to do, and all that is needed to continue where another bridge stopped. */
export function claimAnswer(
  { run, ledger }: RunRecord,
  now: number,
  sql?: string,
  filled?: RunSpec["filled"],
): ClaimAnswer {
  const { epoch, seq, status, tenancy, grant, columns, attempt, id, flow, createdAt, snippetName, target, total } = run;
  const owed = owedAssets(ledger, run, now);
  const task = taskOf(status, owed);
  const spec = { id, flow, tenancy, createdAt, ...given({ snippetName, target, total, filled }) };
  return {
    epoch,
    seq,
    status,
    task,
    ledger,
    owed,
    tenancy,
    now,
    ...given({
      grant,
      columns,
      attempt,
      keepsTable: keepsTable(run) ? (true as const) : undefined,
      spec: task === "run" && sql !== undefined ? { ...spec, sql } : undefined,
    }),
  };
}

function taskOf(status: RunStatus, owed: readonly LedgerEntry[]): Task {
  if (!isOver(status)) return "run";
  return owed.length > 0 ? "cleanup" : "none";
}
