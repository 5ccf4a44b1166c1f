import { Counter, Histogram, type Registry } from "prom-client";
import type { Reserved } from "#budget/budget.ts";

/** Counts what callers ask of the call budget. */
export type BudgetMetrics = { reserved: (reserved: Reserved) => void };

/** Registers the series of the budget. */
export function openBudgetMetrics(registry: Registry): BudgetMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: "sqe_budget_calls_total",
    help: "Calls that the budget of a business unit granted or refused, by their class",
    labelNames: ["class", "outcome"],
    registers,
  });
  const waits = new Histogram({
    name: "sqe_budget_wait_seconds",
    help: "Time that a caller waited for the budget, by the class of its calls",
    labelNames: ["class"],
    buckets: [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers,
  });
  return {
    reserved({ callClass, units, waitMs, isGranted }) {
      calls.inc({ class: callClass, outcome: isGranted ? "granted" : "refused" }, units);
      waits.observe({ class: callClass }, waitMs / 1000);
    },
  };
}
