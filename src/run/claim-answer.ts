import { given } from "#lang/given.ts";
import type { ClaimAnswer, ClaimRequest, Task } from "#protocol/claim.ts";
import type { LedgerEntry } from "#protocol/ledger-note.ts";
import { noteAsset, owedAssets } from "./ledger.ts";
import { customerKeyOf } from "./names.ts";
import { keepsTable, type Run } from "./run.ts";
import { isOver, type RunStatus } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { RunRecord } from "./record.ts";

/** Notes what a claimed run is about to make: its keys are a pure function, so this costs no extra call (D15). */
export function intents(run: Run, ledger: readonly LedgerEntry[]): readonly LedgerEntry[] {
  if (run.status !== "running") return ledger;
  const { attempt = 1 } = run;
  const customerKey = customerKeyOf(run.id, attempt);
  const query = noteAsset(ledger, { state: "intended", asset: "queryDefinition", attempt, customerKey });
  if (run.flow === "run-to-target") return query;
  return noteAsset(query, { state: "intended", asset: "dataExtension", attempt, customerKey });
}

/**
 * Tells whether another delivery's job has the run in its hands: its bridge has been heard of lately. A job put for a
 * run that is silent finds it silent; one put while nobody had come yet finds that somebody has, and would only fence it.
 */
export function isSuperfluous({ run, upkeep }: RunRecord, ask: ClaimRequest, now: number, settings: Settings): boolean {
  const { holder, heardAt = 0 } = upkeep;
  if (run.status !== "running" || run.claimId === ask.claimId) return false;
  if (holder === undefined || ask.delivery === undefined || ask.delivery === holder) return false;
  return now - heardAt < settings.silentMs;
}

/** Tells a bridge what there is to do, and all it needs to go on where another one stopped. */
export function claimAnswer({ run, ledger }: RunRecord, now: number, sql?: string): ClaimAnswer {
  const { epoch, seq, status, tenancy, grant, columns, attempt, id, flow, createdAt, snippetName, target } = run;
  const owed = owedAssets(ledger, run, now);
  const task = taskOf(status, owed);
  const optional = {
    ...given({ snippetName, target }),
  };
  const spec = { id, flow, tenancy, createdAt, ...optional };
  return {
    epoch,
    seq,
    status,
    task,
    ledger,
    owed,
    tenancy,
    now,
    ...given({ grant, columns, attempt }),
    ...(keepsTable(run) ? { keepsTable: true } : {}),
    ...(task === "run" && sql !== undefined ? { spec: { ...spec, sql } } : {}),
  };
}

function taskOf(status: RunStatus, owed: readonly LedgerEntry[]): Task {
  if (!isOver(status)) return "run";
  return owed.length > 0 ? "cleanup" : "none";
}
