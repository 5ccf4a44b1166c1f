import type { Crash } from "./life.ts";
import type { Step } from "./step.ts";

export const modes = ["temp", "overwrite", "append", "update"] as const;
export type Mode = (typeof modes)[number];

/** One run of a script; times are milliseconds from its start. */
export type RunPlan = { at: number; tenant: number; mode: Mode; cancelAt?: number };

/** How Marketing Cloud misbehaves at one call. */
export const mceFaults = {
  "429": { as: "throttled" },
  "500": { as: "server-error" },
  "503": { status: 503, body: "<html>Service Unavailable</html>" },
  "token expired": { as: "token-expired" },
  "cut before": { drop: "before" },
  "cut after": { drop: "after" },
  hang: { hang: true },
  truncated: { truncateAt: 40 },
  "no XML": { status: 200, body: "<html>Welcome</html>" },
  slow: { delayMs: 10_000 },
} as const;
export type MceFault = keyof typeof mceFaults;

/** One thing that goes wrong; `at` and `forMs` are milliseconds. */
export type FaultPlan =
  | { kind: "crash"; bridge: number; effect: number; when: "before" | "after"; downMs: number }
  | { kind: "stall"; bridge: number; at: number; forMs: number }
  | { kind: "deploy"; bridge: number; at: number }
  | { kind: "redis away"; at: number; forMs: number }
  | { kind: "redis emptied"; at: number }
  | { kind: "command lost"; nth: number }
  | { kind: "edge cut from Redis"; at: number; forMs: number }
  | { kind: "bridges cut from edge"; at: number; forMs: number }
  | { kind: "edge restart"; at: number }
  | { kind: "Postgres away"; at: number; forMs: number }
  | { kind: "message"; verb: string; nth: number; fate: "lost" | "unanswered" | "repeated"; ms: number }
  | { kind: "MCE"; call: string; nth: number; times: number; fault: MceFault };

/**
 * A moment in the life of a script's first run: just before or after the nth thing that anybody does for it at a step, or the
 * `next` that a bridge does there when something else has struck.
 */
export type Moment = { step: Step; nth: number | "next"; when: "before" | "after" };

/** One thing that goes wrong at a moment, to the bridge that is acting then. */
export type Strike = { at: Moment } & (
  | { kind: "kill" | "deploy" | "redis emptied" | "edge restart" }
  | { kind: "stall"; forMs: number }
  | { kind: "redis away"; forMs: number }
  | { kind: "bridges cut from edge"; forMs: number }
  | { kind: "Postgres away"; forMs: number }
  /** Its wall clock is set. */
  | { kind: "clock set"; byMs: number }
  | { kind: "cancel"; isHeard: boolean }
  /** The run's job comes a second time: the same one, or one more of the object's. */
  | { kind: "delivered again"; isSame: boolean }
  | { kind: "sweep"; sweepId: string }
  | { kind: "message"; fate: "lost" | "unanswered" | "repeated"; ms: number }
  /** The call that is about to be made. */
  | { kind: "MCE"; fault: MceFault }
  /** The next status row says this. */
  | { kind: "status"; as: "Complete" | "Processing" }
);

/** What a simulation plays: everything in it follows from this. */
export type Script = {
  /** Chance inside the processes, and how long messages take. */
  seed: number;
  /** How far the wall clock of each bridge is ahead of the true time. */
  skewsMs: readonly number[];
  /** How long each query takes in Marketing Cloud. */
  durationMs: number;
  callsPerMinute: number;
  runs: readonly RunPlan[];
  faults: readonly FaultPlan[];
  /** Where the lives of the first bridge end: one list for each life. */
  crashes?: readonly (readonly Crash[])[];
  /** What goes wrong when the first run is at a step. */
  strikes?: readonly Strike[];
  /** The hourly trigger, a day later: two sweeps, unless the first is `missed` or each comes twice. */
  sweeps?: "missed" | "doubled";
};

/** A script of one run in which nothing goes wrong. */
export function calmScript(mode: Mode, change: Partial<Script> = {}): Script {
  return {
    seed: 1,
    skewsMs: [0],
    durationMs: 5000,
    callsPerMinute: 300,
    runs: [{ at: 0, tenant: 0, mode }],
    faults: [],
    ...change,
  };
}
