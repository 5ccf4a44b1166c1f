import type { Finding } from "../history/history.ts";
import { stepNames, type Span, type StepSpan, type StepName } from "./stays.ts";

/**
 * A fault that was there, from when to when. `only`: the runs that it struck, each at its own time, where the fault itself
 * tells; absent: whatever there was.
 */
export type Struck = Span & { name: string; only?: readonly Touch[] };

/** A run that a fault struck, and when. */
export type Touch = Span & { runId: string };

/** When a run was where. */
export type Life = { id: string; stays: readonly StepSpan[] };

/** How many runs were at each step while a fault lasted, and how many findings are about one of them. */
export type Meetings = Record<StepName, number> & { fault: string; findings: number };

/** Counts which fault met runs at which step; a run counts once for a fault and a step, however often they met. */
export function countExposures(
  lives: readonly Life[],
  struck: readonly Struck[],
  findings: readonly Finding[],
): readonly Meetings[] {
  const faults = [...new Set(struck.map(({ name }) => name))].toSorted((one, other) => one.localeCompare(other));
  return faults.map((fault) => {
    const times = struck.filter(({ name }) => name === fault);
    const met = lives.map(({ id, stays }) => ({ id, steps: stepsAt(stays, spansFor(id, times)) }));
    const touched = new Set(met.flatMap(({ id, steps }) => (steps.size === 0 ? [] : [id])));
    const count = (step: StepName) => met.filter(({ steps }) => steps.has(step)).length;
    // The names of the steps are the keys.
    const counts = Object.fromEntries(stepNames.map((step) => [step, count(step)])) as Record<StepName, number>;
    return { fault, ...counts, findings: findings.filter(({ runId = "" }) => touched.has(runId)).length };
  });
}

function spansFor(id: string, times: readonly Struck[]): readonly Span[] {
  return times.flatMap(
    ({ from, to, only }): readonly Span[] => only?.filter(({ runId }) => runId === id) ?? [{ from, to }],
  );
}

function stepsAt(stays: readonly StepSpan[], spans: readonly Span[]): ReadonlySet<StepName> {
  const isMet = (stay: Span) => spans.some(({ from, to }) => stay.from <= to && stay.to >= from);
  return new Set(stays.filter(isMet).map(({ step }) => step));
}
