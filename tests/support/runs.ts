import { ConnectionId, Eid, Mid, RunId, TenantId, UserId } from "#protocol/ids.ts";
import { newRun, type Run } from "#run/run.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Transition } from "#protocol/transition.ts";

/** A business unit's user, as a token names one. */
export function aTenancy(overrides: Partial<Tenancy> = {}): Tenancy {
  return {
    tenantId: TenantId.parse("0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e11"),
    userId: UserId.parse("alice"),
    mid: Mid.parse(7000001),
    eid: Eid.parse(7000001),
    connectionId: ConnectionId.parse("5ab1a6ac-23cd-4cbb-9a08-2d9c1a3c9b21"),
    ...overrides,
  };
}

export const aRunId = RunId.parse("0123456789abcdef0123456789abcd");

/** A freshly accepted run. */
export function aQueuedRun(overrides: Partial<Parameters<typeof newRun>[0]> = {}): Run {
  return newRun({ id: aRunId, tenancy: aTenancy(), flow: "run-to-temp", createdAt: 1_000, ...overrides });
}

/** A run that its first bridge is working on. */
export function aRunningRun(overrides: Partial<Run> = {}): Run {
  const base = aQueuedRun();
  const running = { ...base, status: "running", phase: "preparing", startedAt: 2_000, version: 2, epoch: 1 };
  // A test may override any part; the result is a Run as long as it keeps status and its facts together.
  return { ...running, claimId: "c1", ...overrides } as Run;
}

/** The next transition of a run, complete with epoch and seq. */
export function aTransition(run: Run, rest: { type: Transition["type"] } & Record<string, unknown>): Transition {
  // Tests name the fields of the type they ask for; the zod schema itself has tests of its own.
  return { epoch: run.epoch, seq: run.seq + 1, ...rest } as Transition;
}
