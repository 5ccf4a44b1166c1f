import { describe, expect, it } from "vitest";
import type { Run } from "#run/run.ts";
import { cancel } from "#run/step.ts";
import { readSettings } from "#protocol/settings.ts";
import { nextDue, nextWake, wakes } from "../../src/run/wakes.ts";
import type { RunRecord } from "../../src/run/record.ts";
import { aQueuedRun, aRunningRun } from "../support/runs.ts";

const settings = readSettings({});
const sec = 1000;
const min = 60 * sec;

function aRecord(run: Run, overrides: Partial<RunRecord["upkeep"]> = {}, ledger: RunRecord["ledger"] = []): RunRecord {
  const upkeep = {
    projectedVersion: run.version,
    projectTries: 0,
    projectAt: 0,
    lastSignAt: 10_000,
    deliveries: 1,
    cleanupPuts: 0,
  };
  return { run, ledger, bodyHash: "h", upkeep: { ...upkeep, ...overrides } };
}

const owed = [{ asset: "dataExtension", attempt: 1, customerKey: "K", state: "created" }] as const;

describe("wakes()", () => {
  it("tries an outbox row and a projection when their next try is due", () => {
    const list = wakes(
      aRecord(aQueuedRun(), { projectedVersion: 0, projectAt: 77 }),
      [{ delivery: 1, tries: 0, nextTryAt: 55 }],
      settings,
    );
    expect(list).toContainEqual({ kind: "put", at: 55 });
    expect(list).toContainEqual({ kind: "project", at: 77 });
  });

  it("delivers an unclaimed run again after 15 s, then with doubled waits, but not while its job is unsent", () => {
    const at = (deliveries: number, unsent: boolean) =>
      wakes(
        aRecord(aQueuedRun(), { deliveries }),
        unsent ? [{ delivery: 1, tries: 3, nextTryAt: 0 }] : [],
        settings,
      ).find(({ kind }) => kind === "redeliver")?.at;
    expect([at(1, false), at(2, false), at(1, true)]).toEqual([25 * sec, 40 * sec, undefined]);
  });

  it("gives up a queued run two hours after it was accepted", () => {
    expect(wakes(aRecord(aQueuedRun()), [], settings)).toContainEqual({ kind: "queue-timeout", at: 1_000 + 120 * min });
  });

  it("ends a run without a bridge 29 minutes and 30 seconds after the grant", () => {
    const grant = { n: 1, nonce: "n", at: 50_000, state: "open" } as const;
    expect(wakes(aRecord(aRunningRun({ grant })), [], settings)).toContainEqual({
      kind: "run-timeout",
      at: 50_000 + 29 * min + 30 * sec,
    });
  });

  it("delivers a silent running run again after 90 s", () => {
    expect(wakes(aRecord(aRunningRun()), [], settings)).toContainEqual({ kind: "redeliver", at: 100 * sec });
  });

  it("reads the log of a run that has been silent for 45 s, once per silence", () => {
    const at = (upkeep: Partial<RunRecord["upkeep"]>) =>
      wakes(aRecord(aRunningRun(), upkeep), [], settings).find(({ kind }) => kind === "read-log")?.at;
    expect(at({})).toBe(55 * sec);
    expect(at({ logReadAt: 55 * sec })).toBeUndefined();
    expect(at({ logReadAt: 55 * sec, lastSignAt: 60 * sec })).toBe(105 * sec);
    const queued = wakes(aRecord(aQueuedRun()), [], settings);
    expect(queued.some(({ kind }) => kind === "read-log")).toBe(false);
  });

  it("looks after an unclaimed run at least every four minutes, however often it was delivered", () => {
    const list = wakes(aRecord(aQueuedRun(), { deliveries: 40 }), [], settings);
    expect(list).toContainEqual({ kind: "redeliver", at: 10 * sec + 4 * min });
  });

  it("asks for an owed clean-up with growing waits, at most five times", () => {
    const over = cancel(aRunningRun(), 20_000);
    const at = (cleanupPuts: number) =>
      wakes(aRecord(over, { cleanupPuts }, owed), [], settings).find(({ kind }) => kind === "clean-up")?.at;
    expect([at(0), at(1), at(5)]).toEqual([25 * sec, 40 * sec, undefined]);
    expect(wakes(aRecord(over), [], settings).some(({ kind }) => kind === "clean-up")).toBe(false);
  });

  it("asks for the temp DE of a ready run when its result expires", () => {
    const ready = {
      ...aRunningRun(),
      status: "ready",
      endedAt: 20_000,
      expiresAt: 90 * min,
      result: { customerKey: "K" },
    } as Run;
    expect(wakes(aRecord(ready, {}, owed), [], settings)).toContainEqual({ kind: "clean-up", at: 90 * min });
  });

  it("asks for the temp DE of a failed run that keeps it when it expires", () => {
    const error = { code: "QUERY_FAILED", title: "t", detail: "d" } as const;
    const failed: Run = { ...aRunningRun(), status: "failed", endedAt: 20_000, error };
    const at = (one: Run) => wakes(aRecord(one, {}, owed), [], settings).find(({ kind }) => kind === "clean-up")?.at;
    expect([at(failed), at({ ...failed, expiresAt: 90 * min })]).toEqual([25 * sec, 90 * min]);
  });

  it("empties the object 48 hours after the end, never before Postgres has the last version", () => {
    const over = cancel(aRunningRun(), 20_000);
    expect(wakes(aRecord(over), [], settings)).toContainEqual({ kind: "purge", at: 20_000 + 48 * 60 * min });
    expect(wakes(aRecord(over, { projectedVersion: 1 }), [], settings).some(({ kind }) => kind === "purge")).toBe(
      false,
    );
  });
});

describe("nextDue()", () => {
  const list = [
    { kind: "redeliver", at: 5 },
    { kind: "put", at: 1 },
    { kind: "run-timeout", at: 6 },
    { kind: "purge", at: 99 },
  ] as const;

  it("is the most urgent of everything that is due, not what was due first", () => {
    expect(nextDue(list, 10, new Set())).toEqual({ kind: "run-timeout", at: 6 });
    expect(nextDue(list, 5, new Set())).toEqual({ kind: "redeliver", at: 5 });
  });

  it("is nothing that is done already or not due yet", () => {
    expect(nextDue(list, 10, new Set(["run-timeout", "redeliver"]))).toEqual({ kind: "put", at: 1 });
    expect(nextDue(list, 10, new Set(["run-timeout", "redeliver", "put"]))).toBeUndefined();
  });
});

describe("nextWake()", () => {
  it("is the earliest of all, and undefined without any", () => {
    expect(
      nextWake([
        { kind: "put", at: 7 },
        { kind: "purge", at: 3 },
      ]),
    ).toBe(3);
    expect(nextWake([])).toBeUndefined();
  });
});
