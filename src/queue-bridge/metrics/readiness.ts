import { Gauge, type Registry } from "prom-client";

/** Registers whether this bridge is ready, as `/readyz` says it. */
export function registerReadiness(registry: Registry, isReady: () => Promise<boolean>): void {
  const ready = new Gauge({
    name: "sqe_bridge_ready",
    help: "1 while this bridge takes work: it reaches Redis and the edge, and does not shut down",
    registers: [],
    async collect() {
      this.set(Number(await isReady()));
    },
  });
  registry.registerMetric(ready);
}
