import type { Run } from "#run/run.ts";
import type { Target } from "#protocol/target.ts";
import type { Fault } from "../../../sandbox/faults.ts";
import { openCalmWorld } from "./calm-world.ts";

/** A call that fails from now on. */
export const failures: Readonly<Record<string, Partial<Fault>>> = {
  "cut before": { drop: "before" },
  "cut after": { drop: "after" },
  "503": { status: 503, body: "<html>Service Unavailable</html>" },
  "HTML with 200": { status: 200, body: "<html>Maintenance</html>" },
  truncated: { truncateAt: 20 },
  "empty 500": { status: 500, body: "" },
  fault: { as: "server-error" },
  "plain 400": { status: 400, body: "Bad Request" },
  "429": { as: "throttled" },
  maintenance: { as: "blocked" },
  hang: { hang: true },
  "no scope": { as: "no-scope" },
};

/** The questions whose own schedule is their pause. */
const polls: ReadonlySet<string> = new Set(["SOAP Retrieve AsyncActivityStatus", "REST isrunning", "REST rowset"]);

const durationMs = 5000;
const minute = 60_000;

/** What one run did while a call kept failing. */
export type Story = {
  run: Run;
  /** From the submission to the end, in milliseconds. */
  tookMs: number;
  /** All calls except for the polls. */
  calls: number;
  /** Most calls within any 5 s: of all calls, and of those after the first failure. */
  burst: number;
  burstAfterFailure: number;
  /** Our assets that are still there an hour after the failure was over. */
  left: string[];
  applied: number;
  bugs: string[];
};

/** Runs a query while every call of one name fails in one way; the failure ends a minute after the run. */
export async function live(call: string, failure: Partial<Fault>, target?: Target): Promise<Story> {
  const world = openCalmWorld(durationMs);
  try {
    world.fail({ nth: 1, times: 1_000_000, ...failure, call });
    const sql =
      target === undefined ? "SELECT TOP 10 CustomerKey, FirstName FROM Customers" : "SELECT 1 AS Id, 'x' AS Name";
    const from = world.clock.now();
    const id = world.submit(sql, target);
    const run = await world.over(id, 40 * minute);
    const tookMs = world.clock.now() - from;
    await world.clock.pass(minute);
    world.calm();
    await world.clock.pass(60 * minute);
    const calls = world.calls();
    const first = calls.findIndex(({ httpStatus, fault }) => fault !== undefined || httpStatus >= 400);
    // A call that hangs is only known once it is given up.
    const knownAt = world.failures[0] ?? Infinity;
    const after = first < 0 ? [] : calls.slice(first + 1).filter(({ at }) => at >= knownAt);
    return {
      run: world.run(id),
      tookMs,
      calls: calls.filter((one) => !polls.has(one.call)).length,
      burst: mostWithin5s(calls),
      burstAfterFailure: mostWithin5s(after),
      left: world.left().filter((key) => run.status !== "ready" || !isTableOf(world, key)),
      applied: world.applied(),
      bugs: world.bugs,
    };
  } finally {
    world.close();
  }
}

function isTableOf(world: ReturnType<typeof openCalmWorld>, key: string): boolean {
  return world.sandbox.store.dataExtensions.some(({ customerKey }) => customerKey === key);
}

function mostWithin5s(calls: readonly { at: number }[]): number {
  return Math.max(0, ...calls.map(({ at }) => calls.filter((one) => one.at >= at && one.at < at + 5000).length));
}
