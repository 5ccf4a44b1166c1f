import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantPerform } from "#run/grant.ts";
import { claim } from "#run/claim.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";
import { cancel, step, type Circumstances } from "#run/step.ts";
import type { Transition } from "#protocol/transition.ts";
import { viewOf } from "#run/view.ts";
import { aQueuedRun, aRunningRun, aTransition } from "../support/runs.ts";

const columns = [{ name: "A", type: "Text", maxLength: 50 }];
const error = { code: "QUERY_FAILED", title: "It failed", detail: "Because" } as const;
const result = { customerKey: "QPP_0123456789abcdef0123456789abcd_1" };
const nonce = "3f0f7a1e-7a55-4a3f-8a30-93e3a8f0e7c1";
const grant = { n: 1, nonce, at: 2_500, state: "open" } as const;

function circumstances(overrides: Partial<Circumstances> = {}): Circumstances {
  return { now: 9_000, hash: "h", hashOf: () => undefined, resultTtlMs: 1_000_000, ...overrides };
}

/** Any sequence of transitions, requests and clock times. */
const words = fc.array(
  fc.oneof(
    fc.record({
      word: fc.constant("transition" as const),
      type: fc.constantFrom(
        "planned",
        "performed",
        "performRejected",
        "misfit",
        "confirming",
        "ready",
        "failed",
        "noted",
      ),
      skew: fc.constantFrom(0, 0, 0, 0, 1, -1),
      epochSkew: fc.constantFrom(0, 0, 0, -1),
    }),
    fc.record({ word: fc.constant("claim" as const), claimId: fc.constantFrom("a", "b", "c") }),
    fc.record({
      word: fc.constant("grant" as const),
      n: fc.integer({ min: 1, max: 3 }),
      nonce: fc.constantFrom("x", "y"),
    }),
    fc.record({ word: fc.constant("cancel" as const) }),
  ),
  { maxLength: 30 },
);

const bodies: Record<string, Record<string, unknown>> = {
  planned: { columns, notes: [] },
  performed: { n: 1, taskId: "7" },
  performRejected: { n: 1, evidence: "refused" },
  misfit: { n: 1, columns, notes: [] },
  confirming: {},
  ready: { result, columns, notes: [] },
  failed: { error },
  noted: { note: { state: "deleted", asset: "dataExtension", attempt: 1, customerKey: "K" } },
};

describe("laws of a run", () => {
  it("one end, nothing after it; versions without gaps; each Perform number granted to one nonce", () => {
    fc.assert(
      fc.property(words, (list) => {
        let run = aQueuedRun();
        const granted = new Map<number, string>();
        const hashes = new Map<number, string>();
        for (const said of list) {
          const before = run;
          if (said.word === "claim") run = claim(run, said.claimId, 1).run;
          if (said.word === "cancel") run = cancel(run, 1);
          if (said.word === "grant") {
            const decision = grantPerform(run, { epoch: run.epoch, n: said.n, nonce: said.nonce }, 1);
            if (decision.kind === "granted") {
              expect(granted.get(said.n) ?? said.nonce).toBe(said.nonce);
              granted.set(said.n, said.nonce);
              run = decision.run;
            }
          }
          if (said.word === "transition") {
            const body = bodies[said.type];
            // Skewed on purpose: wrong numbers are what the law is about.
            const next = {
              epoch: run.epoch + said.epochSkew,
              seq: run.seq + 1 + said.skew,
              type: said.type,
              ...body,
            } as Transition;
            const hash = JSON.stringify(next);
            const decision = step(run, next, circumstances({ hash, hashOf: (seq) => hashes.get(seq) }));
            if (decision.kind === "moved") {
              hashes.set(next.seq, hash);
              run = decision.run;
              expect(run.version - before.version).toBe(decision.visible ? 1 : 0);
            }
          }
          expect(run.version - before.version).toBeLessThanOrEqual(1);
          expect(run.seq - before.seq).toBeLessThanOrEqual(1);
          if (isOver(before.status)) expect([run.status, run.version]).toEqual([before.status, before.version]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("a log that is read after lost pushes, in part or repeatedly, ends where pushing all would have", () => {
    const types = fc.array(fc.constantFrom("planned", "performed", "confirming", "ready", "failed", "noted"), {
      minLength: 1,
      maxLength: 8,
    });
    // Which pushes arrive, and how far each reading of the log comes.
    const luck = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    const readings = fc.array(fc.nat({ max: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(types, luck, readings, (list, arrives, partly) => {
        const start = aRunningRun({ grant });
        // Numbered like a bridge, which does not know what the object refuses.
        const log = list.map((type, index) => ({ epoch: 1, seq: index + 1, type, ...bodies[type] }) as Transition);
        const fold = (run: Run, hashes: Map<number, string>, next: Transition): Run => {
          const hash = JSON.stringify(next);
          const decision = step(run, next, circumstances({ hash, hashOf: (seq) => hashes.get(seq) }));
          if (decision.kind !== "moved") return run;
          hashes.set(next.seq, hash);
          return decision.run;
        };
        const readAll = (run: Run, hashes: Map<number, string>, entries: readonly Transition[]) =>
          entries.reduce((before, next) => fold(before, hashes, next), run);
        const inOrder = readAll(start, new Map(), log);
        const hashes = new Map<number, string>();
        let run = start;
        for (const [index, next] of log.entries()) if (arrives[index] === true) run = fold(run, hashes, next);
        for (const end of partly) run = readAll(run, hashes, log.slice(0, end));
        expect(readAll(run, hashes, log)).toEqual(inOrder);
      }),
      { numRuns: 2_000 },
    );
  });

  it("whatever arrives after a cancel, no Perform is granted and the run that its user sees stays unchanged", () => {
    const types = fc.array(fc.constantFrom(...Object.keys(bodies)), { maxLength: 12 });
    const before = fc.constantFrom(aQueuedRun(), aRunningRun(), aRunningRun({ grant }));
    fc.assert(
      fc.property(before, types, fc.integer({ min: 1, max: 3 }), (alive, list, n) => {
        const canceled = cancel(alive, 5);
        let run = canceled;
        for (const type of list) {
          run = claim(run, `c${run.seq}`, 6).run;
          const decision = step(
            run,
            aTransition(run, { type: type as Transition["type"], ...bodies[type] }),
            circumstances(),
          );
          expect(decision.kind === "moved" && decision.visible).toBe(false);
          if (decision.kind === "moved") run = decision.run;
          expect(grantPerform(run, { epoch: run.epoch, n, nonce }, 7)).toEqual({ kind: "refused" });
        }
        expect(viewOf(run)).toEqual(viewOf(canceled));
      }),
      { numRuns: 1_000 },
    );
  });
});
