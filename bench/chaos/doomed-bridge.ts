import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { failPointNames, type FailPointName } from "../../src/queue-bridge/fail-point.ts";
import { shuffled, type Random } from "../../sandbox/random.ts";
import type { BenchStack } from "../stack/bench-stack.ts";

/** A bridge beside the stack's own that dies at one fail point after the other. */
export type DoomedBridge = {
  /** How often a bridge has died at each point. */
  deaths(): ReadonlyMap<FailPointName, number>;
  /** Ends the last one by SIGTERM, and starts no other. */
  stop(): Promise<void>;
};

const program = fileURLToPath(new URL("../../dev/bridge.ts", import.meta.url));
/** How long a bridge may take to start, and then to come to its point: some are rarely reached. */
const startMs = 60_000;
const patienceMs = 12_000;

/** Starts bridges, one after the other, each with a fail point; every point has its turn before any comes again. */
export function openDoomedBridge(stack: BenchStack, random: Random): DoomedBridge {
  const deaths = new Map<FailPointName, number>();
  let left: FailPointName[] = [];
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  const dying = (async () => {
    while (!stopping.signal.aborted) {
      if (left.length === 0) left = shuffled(failPointNames, random);
      const point = left.pop();
      if (point === undefined) return;
      child = start(stack, point);
      const [, signal] = await dieAt(child);
      if (signal === "SIGKILL") deaths.set(point, (deaths.get(point) ?? 0) + 1);
    }
  })();
  return {
    deaths: () => deaths,
    async stop() {
      stopping.abort();
      child?.kill("SIGTERM");
      await dying;
    },
  };
}

function start({ dir }: BenchStack, point: FailPointName): ChildProcess {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, SQE_DEV_DIR: dir, SQE_FAIL_AT: point };
  return spawn(process.execPath, ["--no-warnings", program], { env, stdio: ["ignore", "ignore", "pipe"] });
}

/** Waits for a bridge's end; one that does not come to its point leaves in time for the next. */
async function dieAt(bridge: ChildProcess): Promise<unknown[]> {
  const ended = once(bridge, "exit");
  const isUp = new Promise<void>((resolve) => {
    bridge.stderr?.on("data", (line) => String(line).includes("bridge up") && resolve());
  });
  await Promise.race([ended, isUp, sleep(startMs, undefined, { ref: false })]);
  const isLate = await Promise.race([ended.then(() => false), sleep(patienceMs, true, { ref: false })]);
  if (isLate) bridge.kill("SIGTERM");
  return ended;
}
