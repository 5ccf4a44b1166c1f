import { Gauge, type Registry } from "prom-client";
import type { QueueState } from "../queue/queue-state.ts";

/**
 * Registers the series of the queue, which is read when they are scraped. While Redis does not answer they are absent.
 *
 * @param read its answer is undefined when Redis does not answer
 */
export function registerQueueMetrics(registry: Registry, read: () => Promise<QueueState | undefined>): void {
  const depth = new Gauge({
    name: "sqe_queue_depth",
    help: "Commands on the intake and jobs in the queue, of all bridges together, by their state",
    labelNames: ["state"],
    registers: [],
    async collect() {
      this.reset();
      const state = await read();
      for (const [name, count] of Object.entries(state?.depth ?? {})) this.set({ state: name }, count);
    },
  });
  const age = new Gauge({
    name: "sqe_queue_age_seconds",
    help: "How long the oldest command, new run or due job has waited for any bridge to take it",
    registers: [],
    async collect() {
      const state = await read();
      if (state === undefined) this.remove();
      else this.set(state.ageMs / 1000);
    },
  });
  registry.registerMetric(depth);
  registry.registerMetric(age);
}
