import { Counter, Histogram, type Registry } from "prom-client";
import type { RunStatus } from "#protocol/run-status.ts";
import type { FlowName } from "#protocol/target.ts";
import type { Task } from "#protocol/claim.ts";
import type { Passed } from "./phases.ts";

/** How a run ended, as the bridge that ended it knows; `code` is the error's. */
type EndedRun = { flow: FlowName; status: RunStatus; code?: string };

/** Counts what bridges do with runs. */
export type RunMetrics = {
  /** An object has answered a claim with a task, or does not know the run. */
  claimed: (task: Task | "unknown-run") => void;
  phase: (passed: Passed) => void;
  /** The object has accepted `ready` this long after Marketing Cloud was done, as far as the polls show. */
  ready: (lagMs: number) => void;
  ended: (run: EndedRun) => void;
};

/** Registers the series of runs. Tenants and runs are no labels: there are too many of them. */
export function openRunMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const ended = new Counter({
    name: "sqe_runs_total",
    help: "Runs that ended while this bridge worked on them; code is empty unless the run failed",
    labelNames: ["flow", "status", "code"],
    registers,
  });
  const phases = new Histogram({
    name: "sqe_phase_seconds",
    help: "Time that runs spent in a phase: queued, preparing, executing, confirming",
    labelNames: ["phase"],
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 1800, 7200],
    registers,
  });
  const lag = new Histogram({
    name: "sqe_ready_lag_seconds",
    help: "Time from the end of a query in Marketing Cloud, as far as the polls show it, until its run was ready",
    buckets: [0.25, 0.5, 1, 1.5, 2, 4, 8, 15, 30, 60, 120],
    registers,
  });
  const claims = new Counter({
    name: "sqe_claims_total",
    help: "Claims that a run object has answered, by the task it gave",
    labelNames: ["task"],
    registers,
  });
  return {
    claimed: (task) => claims.inc({ task }),
    phase: ({ phase, ms }) => phases.observe({ phase }, ms / 1000),
    ready: (lagMs) => lag.observe(Math.max(0, lagMs) / 1000),
    ended: ({ flow, status, code = "" }) => ended.inc({ flow, status, code }),
  };
}
