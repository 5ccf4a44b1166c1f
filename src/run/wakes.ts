import { owedAssets } from "./ledger.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { OutboxRow, RunRecord } from "./record.ts";

/** Something the object has to do on its own, and when it is due. */
export type Wake = {
  kind: (typeof urgency)[number];
  at: number;
};

/** The order among things that are due: deadlines come before deliveries, so that no job is delivered for a run that just ended. */
const urgency = [
  "queue-timeout",
  "run-timeout",
  "read-log",
  "redeliver",
  "clean-up",
  "put",
  "project",
  "purge",
] as const;

const cleanupPutsMax = 5;

/**
 * Lists everything that is pending for a run (D16). Pure: the alarm does what is due and sleeps until the next.
 *
 * @returns in no order; empty only when nothing is left to do, ever
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

/** When to set the alarm to; undefined when nothing is pending. */
export function nextWake(list: readonly Wake[]): number | undefined {
  return list.length === 0 ? undefined : Math.min(...list.map((wake) => wake.at));
}

/**
 * Picks what to do now.
 *
 * @param done kinds this alarm has already tried: one that failed waits for the next alarm
 */
export function nextDue(list: readonly Wake[], now: number, done: ReadonlySet<Wake["kind"]>): Wake | undefined {
  const due = list.filter((wake) => wake.at <= now && !done.has(wake.kind));
  return due.toSorted((one, other) => urgency.indexOf(one.kind) - urgency.indexOf(other.kind))[0];
}

function whileAlive({ run, upkeep }: RunRecord, outbox: readonly OutboxRow[], settings: Settings): readonly Wake[] {
  // While a delivery waits in the outbox, no bridge has the run yet.
  const delivered = outbox.length === 0;
  if (run.status === "queued") {
    // Doubled each time, because a long queue does not mean a lost job.
    const patience = Math.min(settings.unclaimedMs * 2 ** (upkeep.deliveries - 1), settings.unclaimedMaxMs);
    const timeout: Wake = { kind: "queue-timeout", at: run.createdAt + settings.queueTimeoutMs };
    return delivered ? [timeout, { kind: "redeliver", at: upkeep.lastSignAt + patience }] : [timeout];
  }
  // Without a grant nothing runs in MCE yet, but preparing must end too.
  const since = run.grant?.at ?? (run.status === "running" ? run.startedAt : run.createdAt);
  const timeout: Wake = { kind: "run-timeout", at: since + settings.runTimeoutMs + settings.objectGraceMs };
  if (!delivered) return [timeout];
  const { lastSignAt, logReadAt = 0 } = upkeep;
  const list: Wake[] = [timeout, { kind: "redeliver", at: lastSignAt + settings.redeliverMs }];
  // Once per silence; a later delivery reads the log itself.
  const silentAt = lastSignAt + settings.silentMs;
  if (logReadAt < silentAt) list.push({ kind: "read-log", at: silentAt });
  return list;
}

function afterTheEnd(
  { run, ledger, upkeep }: RunRecord,
  outbox: readonly OutboxRow[],
  settings: Settings,
  behind: boolean,
): readonly Wake[] {
  if (!("endedAt" in run)) return [];
  const list: Wake[] = [];
  const expiresAt = "expiresAt" in run && run.expiresAt !== undefined ? run.expiresAt : run.endedAt;
  const owedNow = owedAssets(ledger, run, run.endedAt).length > 0;
  const owedLater = !owedNow && owedAssets(ledger, run, expiresAt).length > 0;
  if ((owedNow || owedLater) && outbox.length === 0 && upkeep.cleanupPuts < cleanupPutsMax) {
    const patience = settings.cleanupRetryMs * 2 ** upkeep.cleanupPuts;
    const retryAt = upkeep.lastSignAt + patience;
    const expired = upkeep.cleanupPuts === 0 ? expiresAt : Math.max(expiresAt, retryAt);
    list.push({ kind: "clean-up", at: owedNow ? retryAt : expired });
  }
  // The object must not delete a version that Postgres does not have.
  if (!behind) list.push({ kind: "purge", at: run.endedAt + settings.purgeAfterMs });
  return list;
}
