import type { Crash } from "./life.ts";

export const modes = ["temp", "overwrite", "append", "update"] as const;
export type Mode = (typeof modes)[number];

/** One run of a script; times are milliseconds from its start. */
export type RunPlan = { at: number; tenant: number; mode: Mode; cancelAt?: number };

/** How Marketing Cloud misbehaves at one call. */
export const mceFaults = {
  "429": { as: "throttled" },
  "503": { status: 503, body: "<html>Service Unavailable</html>" },
  "token expired": { as: "token-expired" },
  "cut before": { drop: "before" },
  "cut after": { drop: "after" },
  hang: { hang: true },
  truncated: { truncateAt: 40 },
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
