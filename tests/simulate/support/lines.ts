import type { BusinessUnit } from "#protocol/tenancy.ts";
import type { Called, Lines, Waiting } from "../../../src/queue-bridge/queue/line.ts";

/** As in line.ts. */
const slotsMax = 8;
const leaseMs = 60_000;
const reservationMs = 10_000;
const orderMax = 2_097_151;

type Line = { unit: BusinessUnit; orders: Map<string, number>; jobs: Map<string, string>; slots: Map<string, number> };

/** What the Lua of the lines does, in memory; tests/simulate/models.test.ts holds the two together. */
export type ModelLines = Lines & { clear(): void };

/** Opens empty lines. */
export function openModelLines(now: () => number): ModelLines {
  const lines = new Map<string, Line>();
  let fair = { started: 0, tenants: new Map<string, number>() };

  function lineOf(unit: BusinessUnit): Line {
    const key = `${unit.tenantId}:${unit.mid}`;
    const line = lines.get(key) ?? { unit, orders: new Map(), jobs: new Map(), slots: new Map() };
    lines.set(key, line);
    return line;
  }

  const leaveLine = (line: Line, run: string) => {
    line.jobs.delete(run);
    line.orders.delete(run);
  };
  const joinLine = (line: Line, { runId, jobId }: Waiting, order: number) => {
    if (!line.orders.has(runId)) line.orders.set(runId, order);
    line.jobs.set(runId, jobId);
  };
  const dropLapsed = ({ slots }: Line) => {
    for (const [run, until] of slots) if (until <= now()) slots.delete(run);
  };
  /** By order, then by name, as a sorted set has them. */
  const first = ({ orders }: Line) =>
    [...orders].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).slice(0, slotsMax);
  const calledOf = ({ jobs }: Line, runId: string): Called => ({ runId, jobId: jobs.get(runId) ?? "" });

  function callNext(line: Line): Called[] {
    dropLapsed(line);
    const free = slotsMax - line.slots.size;
    const called: Called[] = [];
    for (const [run] of first(line)) {
      if (called.length >= free) break;
      if (line.slots.has(run)) continue;
      called.push(calledOf(line, run));
      line.slots.set(run, now() + reservationMs);
    }
    return called;
  }

  function start(line: Line, { runId }: Waiting, order: number) {
    line.slots.set(runId, now() + leaseMs);
    leaveLine(line, runId);
    fair.started = Math.max(fair.started, order);
    return { isGranted: true, called: [] };
  }

  function take(line: Line, run: Waiting, order: number) {
    if (order === 0 || line.slots.has(run.runId)) return start(line, run, order);
    dropLapsed(line);
    joinLine(line, run, order);
    let free = slotsMax - line.slots.size;
    for (const [other] of first(line)) {
      if (other === run.runId && free > 0) return start(line, run, order);
      if (!line.slots.has(other)) free -= 1;
    }
    return { isGranted: false, called: callNext(line) };
  }

  return {
    clear() {
      lines.clear();
      fair = { started: 0, tenants: new Map() };
    },
    async enter(run) {
      const line = lineOf(run.unit);
      const known = line.orders.get(run.runId);
      if (known !== undefined) {
        line.jobs.set(run.runId, run.jobId);
        return known;
      }
      if ([...lines.values()].every(({ orders }) => orders.size === 0)) fair = { started: 0, tenants: new Map() };
      const { tenantId } = run.unit;
      const order = Math.min(Math.max(fair.started, fair.tenants.get(tenantId) ?? 0) + 1, orderMax);
      fair.tenants.set(tenantId, order);
      joinLine(line, run, order);
      return order;
    },
    take: async (run, order) => take(lineOf(run.unit), run, order),
    async leave({ unit, runId }) {
      const line = lineOf(unit);
      line.slots.delete(runId);
      leaveLine(line, runId);
      return callNext(line);
    },
    units: async () => [...lines.values()].filter(({ orders }) => orders.size > 0).map(({ unit }) => unit),
    async callAgain(unit) {
      const line = lineOf(unit);
      callNext(line);
      const bySlot = [...line.slots].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      return bySlot.filter(([run]) => line.orders.has(run)).map(([run]) => calledOf(line, run));
    },
  };
}
