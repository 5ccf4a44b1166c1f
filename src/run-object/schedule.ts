import { owedAssets } from "#protocol/ledger.ts";
import { isOver } from "#protocol/run.ts";
import type { Settings } from "#protocol/settings.ts";
import type { OutboxRow, RunRecord } from "./record.ts";

/** Something the object has to do by itself, and from when on. */
export type Wake = {
  kind: "put" | "project" | "queue-timeout" | "run-timeout" | "redeliver" | "clean-up" | "purge";
  at: number;
};

const cleanupPutsMax = 5;

/**
 * Lists all that is pending for a run (D16). Pure: the alarm does what is due and sleeps until the earliest rest.
 *
 * @returns in no order; empty only when nothing will ever have to be done
 */
export function wakes(record: RunRecord, outbox: readonly OutboxRow[], settings: Settings): readonly Wake[] {
  const { run, upkeep } = record;
  const behind = upkeep.projectedVersion < run.version;
  const list: Wake[] = outbox.map((row) => ({ kind: "put", at: row.nextTryAt }));
  if (behind) list.push({ kind: "project", at: upkeep.projectAt });
  if (isOver(run.status)) list.push(...afterTheEnd(record, outbox, settings, behind));
  else list.push(...whileAlive(record, outbox, settings));
  return list;
}

/** The moment to set the alarm to; undefined when nothing is pending. */
export function nextWake(list: readonly Wake[]): number | undefined {
  return list.length === 0 ? undefined : Math.min(...list.map((wake) => wake.at));
}

function whileAlive({ run, upkeep }: RunRecord, outbox: readonly OutboxRow[], settings: Settings): readonly Wake[] {
  // While a delivery waits in the outbox there is nobody to be silent.
  const delivered = outbox.length === 0;
  if (run.status === "queued") {
    // Doubled each time: a long queue is no lost one, and the second job of a run finds it claimed.
    const patience = settings.unclaimedMs * 2 ** Math.min(upkeep.deliveries - 1, 8);
    const timeout: Wake = { kind: "queue-timeout", at: run.createdAt + settings.queueTimeoutMs };
    return delivered ? [timeout, { kind: "redeliver", at: upkeep.lastSignAt + patience }] : [timeout];
  }
  // Without a grant nothing runs in MCE yet, but a run must not be preparing for ever either.
  const since = run.grant?.at ?? (run.status === "running" ? run.startedAt : run.createdAt);
  const timeout: Wake = { kind: "run-timeout", at: since + settings.runTimeoutMs + settings.objectGraceMs };
  return delivered ? [timeout, { kind: "redeliver", at: upkeep.lastSignAt + settings.redeliverMs }] : [timeout];
}

function afterTheEnd(
  { run, ledger, upkeep }: RunRecord,
  outbox: readonly OutboxRow[],
  settings: Settings,
  behind: boolean,
): readonly Wake[] {
  if (!("endedAt" in run)) return [];
  const list: Wake[] = [];
  const expiresAt = run.status === "ready" ? run.expiresAt : run.endedAt;
  const owedNow = owedAssets(ledger, run, run.endedAt).length > 0;
  const owedLater = !owedNow && owedAssets(ledger, run, expiresAt).length > 0;
  if ((owedNow || owedLater) && outbox.length === 0 && upkeep.cleanupPuts < cleanupPutsMax) {
    const patience = settings.cleanupRetryMs * 2 ** upkeep.cleanupPuts;
    const retryAt = upkeep.lastSignAt + patience;
    const expired = upkeep.cleanupPuts === 0 ? expiresAt : Math.max(expiresAt, retryAt);
    list.push({ kind: "clean-up", at: owedNow ? retryAt : expired });
  }
  // A version that Postgres has not seen must not vanish with its object.
  if (!behind) list.push({ kind: "purge", at: run.endedAt + settings.purgeAfterMs });
  return list;
}
