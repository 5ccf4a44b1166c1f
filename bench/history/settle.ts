import { setTimeout as sleep } from "node:timers/promises";
import { isOver } from "#protocol/run-status.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";
import { assetsOf } from "./read-history.ts";
import { readProjections, type Projected } from "./read-projections.ts";

const lookAgainMs = 250;
/** How long clean-ups may take, and then each of the two sweeps. */
const cleanUpMs = 60_000;
const sweepMs = 20_000;
const sweeps = 2;
const discardsAtOnce = 5;
/** Older than any result may be. */
const dayMs = 24 * 60 * 60 * 1000;

/** Waits until Postgres calls each run over. @returns what it has of all runs, also when time is up */
export async function whenOver(stack: BenchStack, forMs: number): Promise<ReadonlyMap<string, Projected>> {
  let runs = await readProjections(stack.file());
  await within(forMs, async () => {
    runs = await readProjections(stack.file());
    return [...runs.values()].every(({ status }) => isOver(status));
  });
  return runs;
}

/** Waits until the queries of all runs are gone, or for a minute. */
export async function whenCleanedUp(stack: BenchStack): Promise<void> {
  await within(cleanUpMs, async () => (await assetsOf(stack)).every(({ kind }) => kind === "table"));
}

/**
 * Ends the results of runs, waits for the clean-ups, and sweeps twice what is old then, so that nothing of ours has a reason to
 * be left.
 */
export async function cleanUp(stack: BenchStack, ready: readonly { id: string; token: string }[]): Promise<void> {
  const { edge } = stack.file();
  await inTurns(discardsAtOnce, ready.length, async (at) => {
    const { id, token } = ready[at] ?? { id: "", token: "" };
    await fetch(`${edge}/v1/runs/${id}/results`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
  });
  await sweepUp(stack, async () => (await assetsOf(stack)).length === 0);
}

/** Waits until clean-ups have left nothing that must not be there, then sweeps twice. */
export async function sweepUp(stack: BenchStack, isClean: () => Promise<boolean>): Promise<void> {
  const { edge, tokens } = stack.file();
  await within(cleanUpMs, isClean);
  await stack.control("age", { ms: dayMs });
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const headers = { authorization: `Bearer ${tokens.operator}` };
    await fetch(`${edge}/v1/admin/sweep`, { method: "POST", headers });
    await within(sweepMs, isClean);
  }
}

/** Waits until something is so. @returns whether it became so in time */
export async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (await isSo()) return true;
    await sleep(lookAgainMs);
  }
  return isSo();
}
