import { given } from "#lang/given.ts";
import { shownColumn, type Column } from "#protocol/column.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Run } from "./run.ts";
import { timingsOf, type Timings } from "./timings.ts";
import type { Phase, RunStatus } from "#protocol/run-status.ts";
import type { FlowName, Target } from "#protocol/target.ts";

/** The Run of the public API (DESIGN section 3). Times are ISO 8601 in UTC. */
export type RunView = {
  id: string;
  status: RunStatus;
  phase?: Phase;
  version: number;
  /** While queued: 1 is next in its business unit's line. It changes without a new version, so only GET returns it. */
  queuePosition?: number;
  snippetName?: string;
  flow: FlowName;
  target?: Target;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  expiresAt?: string;
  rowCount?: number;
  truncated?: boolean;
  columns?: readonly Column[];
  error?: RunError;
  notes?: readonly string[];
  timings?: Timings;
  links: { self: string; events: string; results: string; cancel: string };
};

/** What only some statuses have. */
type Shown = Pick<RunView, "status" | "phase" | "rowCount" | "truncated" | "error"> & {
  startedAt?: number;
  endedAt?: number;
  expiresAt?: number;
};

/** A run as the API shows it, without epochs, grants, ledger and tenancy. */
export function viewOf(run: Run): RunView {
  const self = `/v1/runs/${run.id}`;
  const { snippetName, target, columns } = run;
  const { status, phase, startedAt, endedAt, expiresAt, rowCount, truncated, error }: Shown = run;
  return {
    id: run.id,
    status,
    ...given({ phase }),
    version: run.version,
    ...given({ snippetName }),
    flow: run.flow,
    ...given({ target }),
    createdAt: iso(run.createdAt),
    ...given({ startedAt: isoIf(startedAt), endedAt: isoIf(endedAt), expiresAt: isoIf(expiresAt) }),
    ...given({
      rowCount,
      truncated,
      columns: columns?.map(shownColumn),
      error,
      notes: run.notes.length === 0 ? undefined : run.notes,
      timings: timingsOf(run),
    }),
    links: { self, events: `${self}/events`, results: `${self}/results`, cancel: `${self}/cancel` },
  };
}

function isoIf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : iso(ms);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
