import { setTimeout as sleep } from "node:timers/promises";
import { failPointNames, type FailPointName } from "../../src/queue-bridge/fail-point.ts";
import { shuffled, type Random } from "../../sandbox/random.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { startExtraBridge, type ExtraBridge } from "./extra-bridge.ts";
import type { Touch } from "./meetings.ts";

/** A bridge beside the stack's own that dies at one fail point after the other. */
export type DoomedBridge = {
  /** Each death so far: at which point, and the runs that the bridge had in hand. */
  deaths(): readonly Death[];
  /** Ends the last one by SIGTERM, and starts no other. */
  stop(): Promise<void>;
};
export type Death = { point: FailPointName; touched: readonly Touch[] };

/** How long a bridge may take to come to its point: some are rarely reached. */
const patienceMs = 12_000;

/** Starts bridges, one after the other, each with a fail point; every point has its turn before any comes again. */
export function openDoomedBridge({ dir }: BenchStack, random: Random): DoomedBridge {
  const deaths: Death[] = [];
  let left: FailPointName[] = [];
  const stopping = new AbortController();
  let bridge: ExtraBridge | undefined;
  const dying = (async () => {
    while (!stopping.signal.aborted) {
      if (left.length === 0) left = shuffled(failPointNames, random);
      const point = left.pop();
      if (point === undefined) return;
      bridge = startExtraBridge(dir, { env: { SQE_FAIL_AT: point } });
      if ((await endOf(bridge)) !== "SIGKILL") continue;
      const now = Date.now();
      deaths.push({ point, touched: bridge.inHand().map((runId) => ({ runId, from: now, to: now })) });
    }
  })();
  return {
    deaths: () => deaths,
    async stop() {
      stopping.abort();
      bridge?.leave();
      await dying;
    },
  };
}

/** Waits for a bridge's end; one that does not come to its point leaves in time for the next. */
async function endOf(bridge: ExtraBridge): Promise<string | undefined> {
  await bridge.up();
  const isLate = await Promise.race([bridge.ended.then(() => false), sleep(patienceMs, true, { ref: false })]);
  if (isLate) bridge.leave();
  return bridge.ended;
}
