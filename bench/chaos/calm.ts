import { setTimeout as sleep } from "node:timers/promises";
import { isOver } from "#protocol/run-status.ts";
import { readStackFile } from "../../dev/stack/stack-files.ts";
import { assetsOf } from "../history/read-history.ts";
import { readProjections, type Projected } from "../history/read-projections.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { inTurns } from "../stack/in-turns.ts";

const lookAgainMs = 250;
/** How long a part that was killed last may take to be there again. */
const partsMs = 60_000;
/** How long clean-ups may take, and then each of the two sweeps. */
const cleanUpMs = 30_000;
const sweepMs = 20_000;
const sweeps = 2;
const discardsAtOnce = 5;

/** Waits until edge and bridge answer. @throws when they do not within a minute */
export async function whenUp(stack: BenchStack): Promise<void> {
  const edgeIsUp = () =>
    fetch(`${stack.file().edge}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const isUp = async () => (await readStackFile(stack.dir))?.bridgePid !== undefined && (await edgeIsUp());
  if (!(await within(partsMs, isUp))) throw new Error("Cannot judge: edge and bridge did not come back");
}

/** Waits until Postgres calls each run over. @returns what it has of all runs, also when time is up */
export async function whenOver(stack: BenchStack, forMs: number): Promise<ReadonlyMap<string, Projected>> {
  let runs = await readProjections(stack.file());
  await within(forMs, async () => {
    runs = await readProjections(stack.file());
    return [...runs.values()].every(({ status }) => isOver(status));
  });
  return runs;
}

/** Ends the results of runs, waits for the clean-ups, and sweeps twice, so that nothing of ours has a reason to be left. */
export async function cleanUp(stack: BenchStack, ready: readonly { id: string; token: string }[]): Promise<void> {
  const { edge, tokens } = stack.file();
  await inTurns(discardsAtOnce, ready.length, async (at) => {
    const { id, token } = ready[at] ?? { id: "", token: "" };
    await fetch(`${edge}/v1/runs/${id}/results`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
  });
  const isClean = async () => (await assetsOf(stack)).length === 0;
  await within(cleanUpMs, isClean);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const headers = { authorization: `Bearer ${tokens.operator}` };
    await fetch(`${edge}/v1/admin/sweep`, { method: "POST", headers });
    await within(sweepMs, isClean);
  }
}

async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (await isSo()) return true;
    await sleep(lookAgainMs);
  }
  return isSo();
}
