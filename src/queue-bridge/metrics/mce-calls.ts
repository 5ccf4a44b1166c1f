import { Counter, Histogram, type Registry } from "prom-client";
import type { MceCall } from "#mce/client.ts";

/** Counts the calls to Marketing Cloud that were sent. */
export type MceCallMetrics = { sent: (call: MceCall) => void };

/** Registers the series of calls. A call's name comes from our code, so there are about 25 of them. */
export function openMceCallMetrics(registry: Registry): MceCallMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: "sqe_mce_calls_total",
    help: "Calls sent to Marketing Cloud, by what came of them",
    labelNames: ["call", "outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "sqe_mce_call_seconds",
    help: "Time from sending a call to Marketing Cloud until its answer was read or given up",
    labelNames: ["call"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  return {
    sent({ name, outcome, ms }) {
      calls.inc({ call: name, outcome });
      seconds.observe({ call: name }, ms / 1000);
    },
  };
}
