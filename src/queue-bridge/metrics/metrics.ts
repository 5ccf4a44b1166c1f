import { collectDefaultMetrics, Registry } from "prom-client";
import { openBudgetMetrics } from "./budget.ts";
import { openEdgeMetrics } from "./edge-calls.ts";
import { openMceCallMetrics } from "./mce-calls.ts";
import { openRedisMetrics } from "./redis.ts";
import { openRunMetrics } from "./runs.ts";
import { openSweepMetrics } from "./sweeps.ts";

/** The counters of one bridge: each part gets its own and knows nothing of the others. */
export type Metrics = ReturnType<typeof openMetrics>;

/** Opens the counters, all at 0, with those of the process and Node. */
export function openMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    runs: openRunMetrics(registry),
    mceCalls: openMceCallMetrics(registry),
    budget: openBudgetMetrics(registry),
    edge: openEdgeMetrics(registry),
    redis: openRedisMetrics(registry),
    sweeps: openSweepMetrics(registry),
  };
}
