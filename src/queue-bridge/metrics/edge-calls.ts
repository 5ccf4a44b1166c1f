import { Counter, type Registry } from "prom-client";
import type { EdgeCall } from "../edge/edge.ts";

/** Counts the signed requests to the edge. */
export type EdgeMetrics = { asked: (call: EdgeCall) => void };

/** Registers the series of requests to the edge. */
export function openEdgeMetrics(registry: Registry): EdgeMetrics {
  const calls = new Counter({
    name: "sqe_edge_calls_total",
    help: "Requests to the edge, repeats included, by what came of them",
    labelNames: ["call", "outcome"],
    registers: [registry],
  });
  return { asked: ({ verb, outcome }) => calls.inc({ call: verb, outcome }) };
}
