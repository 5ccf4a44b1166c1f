import type { Metrics } from "../metrics/metrics.ts";
import { registerQueueMetrics } from "../metrics/queue.ts";
import { registerReadiness } from "../metrics/readiness.ts";
import type { HttpAddress } from "../http-address.ts";
import type { QueueState } from "../queue/queue-state.ts";
import type { Liveness } from "./liveness.ts";
import type { Readiness } from "./readiness.ts";
import { openProbeServer, type ProbeServer, type Said } from "./server.ts";

export type ProbesDeps = {
  metrics: Metrics;
  readiness: Readiness;
  liveness: Liveness;
  readQueue: () => Promise<QueueState | undefined>;
};

/** Opens `/metrics`, `/livez` and `/readyz`. @throws when the address cannot be listened on */
export function openProbes(address: HttpAddress, deps: ProbesDeps): Promise<ProbeServer> {
  const { metrics, readiness, liveness, readQueue } = deps;
  const { registry } = metrics;
  registerQueueMetrics(registry, readQueue);
  registerReadiness(registry, async () => (await readiness.whyNot()).length === 0);
  return openProbeServer(address, {
    "/metrics": async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
    "/livez": async () => health({ stuck: liveness.stuck() }),
    "/readyz": async () => health({ missing: await readiness.whyNot() }),
  });
}

/** 200 when the one list is empty, else 503 with what is in it. */
function health(facts: Readonly<Record<string, readonly string[]>>): Said {
  const isGood = Object.values(facts).every((list) => list.length === 0);
  const body = `${JSON.stringify(isGood ? { ok: true } : { ok: false, ...facts })}\n`;
  return { status: isGood ? 200 : 503, type: "application/json", body };
}
