import type { Column, ResultPage } from "./result-page.ts";

/** An existing Data Extension to write into, and how. */
export type Target = { customerKey: string; mode: "overwrite" | "append" | "update" };

/** A value for `@name` in the SQL. */
export type Parameter = {
  name: string;
  type: "text" | "number" | "decimal" | "date" | "boolean";
  value: string | number | boolean | null;
};

/** Why a run failed: `detail` is what happened, `fix` what to do, `mce` what Marketing Cloud said. */
export type RunFailure = { code: string; title: string; detail: string; fix?: string; mce?: string };

/** How long the parts of a run took, as far as they are known. */
export type Timings = {
  queuedMs?: number;
  preparingMs?: number;
  executingMs?: number;
  confirmingMs?: number;
  totalMs?: number;
};

/** A run as the API shows it. Times are ISO 8601 in UTC. */
export type RunState = {
  id: string;
  status: "queued" | "running" | "ready" | "failed" | "canceled";
  /** While it runs. */
  phase?: "preparing" | "executing" | "confirming";
  /** Rises by one with each change. */
  version: number;
  /** While queued: 1 is next in the line of its business unit. */
  queuePosition?: number;
  snippetName?: string;
  flow: "run-to-temp" | "run-to-target";
  target?: Target;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  /** When the rows can no longer be read. */
  expiresAt?: string;
  rowCount?: number;
  truncated?: boolean;
  columns?: readonly Column[];
  error?: RunFailure;
  notes?: readonly string[];
  timings?: Timings;
  links: { self: string; events: string; results: string; cancel: string };
};

/** The answer to a query that was waited for. */
export type RunWithPage = RunState & { page?: ResultPage };

/** Whether a run has ended, in any way. */
export function isOver({ status }: Pick<RunState, "status">): boolean {
  return status === "ready" || status === "failed" || status === "canceled";
}
