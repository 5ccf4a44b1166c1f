import { given } from "#lang/given.ts";
import type { Column } from "#protocol/column.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Run } from "./run.ts";
import type { Phase, RunStatus } from "#protocol/run-status.ts";
import type { FlowName, Target } from "#protocol/target.ts";

/** The Run of the public API (DESIGN section 3). Times are ISO 8601 in UTC. */
export type RunView = {
  id: string;
  status: RunStatus;
  phase?: Phase;
  version: number;
  /** While queued: 1 is next in its business unit's line. It changes without a new version, so only a GET tells it. */
  queuePosition?: number;
  snippetName?: string;
  flow: FlowName;
  target?: Target;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  expiresAt?: string;
  rowCount?: number;
  columns?: readonly Column[];
  error?: RunError;
  notes?: readonly string[];
  links: { self: string; events: string; results: string; cancel: string };
};

/** Shows a run as the API does: nothing of epochs, grants, ledger or tenancy leaves the engine. */
export function viewOf(run: Run): RunView {
  const self = `/v1/runs/${run.id}`;
  return {
    id: run.id,
    status: run.status,
    ...(run.status === "running" ? { phase: run.phase } : {}),
    version: run.version,
    ...given({ snippetName: run.snippetName }),
    flow: run.flow,
    ...given({ target: run.target }),
    createdAt: iso(run.createdAt),
    ...("startedAt" in run && run.startedAt !== undefined ? { startedAt: iso(run.startedAt) } : {}),
    ...("endedAt" in run ? { endedAt: iso(run.endedAt) } : {}),
    ...("expiresAt" in run && run.expiresAt !== undefined ? { expiresAt: iso(run.expiresAt) } : {}),
    ...(run.status === "ready" && run.rowCount !== undefined ? { rowCount: run.rowCount } : {}),
    ...given({ columns: run.columns }),
    ...(run.status === "failed" ? { error: run.error } : {}),
    ...(run.notes.length === 0 ? {} : { notes: run.notes }),
    links: { self, events: `${self}/events`, results: `${self}/results`, cancel: `${self}/cancel` },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
