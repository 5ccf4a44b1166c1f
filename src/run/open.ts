import { given } from "#lang/given.ts";
import type { Settings } from "#protocol/settings.ts";
import type { OpenRequest } from "./answers.ts";
import type { RunRecord } from "./record.ts";
import { newRun } from "./run.ts";

/** The record of a run that has just been accepted: queued, unclaimed, nothing in MCE, and without its SQL. */
export function openRecord(request: OpenRequest, now: number, settings: Pick<Settings, "retryMinMs">): RunRecord {
  const { id, tenancy, flow, snippetName, target, total, notes, bodyHash, traceparent, isCounted } = request;
  return {
    run: newRun({ id, tenancy, flow, createdAt: now, notes, ...given({ snippetName, target, total, traceparent }) }),
    ledger: [],
    bodyHash,
    ...given({ isCounted }),
    upkeep: {
      projectedVersion: 0,
      projectTries: 0,
      projectAt: now + settings.retryMinMs,
      lastSignAt: now,
      deliveries: 0,
      cleanupPuts: 0,
    },
  };
}
