import { join } from "node:path";
import { readStackFile } from "../../dev/stack/stack-files.ts";
import { signalGroup } from "../../dev/stack/process-table.ts";
import type { Random } from "../../sandbox/random.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { startExtraBridge } from "./extra-bridge.ts";
import type { Touch } from "./meetings.ts";
import type { Fault } from "./plan.ts";
import { once, restartRedis } from "./restart-redis.ts";
import { wayNames, type Network, type WayName } from "./ways.ts";

/** Ends a fault. @returns the runs that it struck, and when, where the fault itself tells */
type End = () => Promise<readonly Touch[] | void>;

/** Does faults to one stack. */
export type Striker = {
  /** Begins a fault. @returns what ends it, or undefined when there was nothing to strike */
  strike(fault: Fault): Promise<End | undefined>;
  /** Ends whatever may be wrong still. */
  healAll(): Promise<void>;
};

/** How late bytes are on a slow way. */
const slowMs = { least: 50, most: 400 };

/** Opens the faults of a stack. */
export function openStriker(stack: BenchStack, network: Network, random: Random): Striker {
  const freezer = openFreezer(stack);
  const end: End = () => Promise.resolve();
  return {
    async strike(fault) {
      switch (fault.kind) {
        case "process":
          return freezer.signal(fault);
        case "empty Redis":
          return (await once(stack.file().redis, (redis) => redis.flushall())) === undefined ? undefined : end;
        case "restart Redis":
          return restartRedis(stack.file().redis, join(stack.dir, "redis"));
        case "clock":
          return openWrongClock(stack, fault.aheadMs);
        case "network": {
          const { way, trouble } = fault;
          const delayMs = random.between(slowMs.least, slowMs.most);
          network.set(way, trouble === "slow" ? { kind: trouble, delayMs } : { kind: trouble });
          return () => mend(network, [way]);
        }
        case "away":
          for (const way of fault.ways) network.set(way, { kind: "cut" });
          return () => mend(network, fault.ways);
        case "calls":
          await stack.control("faults", [fault.order]);
          return () => stack.clearFaults();
        case "behaviours":
          await stack.control("behaviours", fault.change);
          return () => calmDown(stack);
        case "tokens":
          await stack.control("tokens", { action: fault.action });
          return end;
      }
    },
    async healAll() {
      freezer.thawAll();
      await mend(network, wayNames);
      await stack.clearFaults();
      await calmDown(stack);
    },
  };
}

/** Signals parts, and remembers which are stopped. */
function openFreezer(stack: BenchStack) {
  const frozen = new Set<number>();
  const thaw = (pid: number) => {
    if (frozen.delete(pid)) signalGroup(pid, "SIGCONT");
  };
  return {
    async signal({ part, signal }: Extract<Fault, { kind: "process" }>): Promise<End | undefined> {
      const pid = (await readStackFile(stack.dir))?.[part];
      if (pid === undefined) return undefined;
      signalGroup(pid, signal);
      if (signal === "SIGSTOP") frozen.add(pid);
      return () => Promise.resolve(thaw(pid));
    },
    thawAll: () => [...frozen].forEach(thaw),
  };
}

/** Starts one more bridge, whose clock is wrong. */
async function openWrongClock({ dir }: BenchStack, aheadMs: number): Promise<End | undefined> {
  const preload = new URL("shifted-clock.ts", import.meta.url);
  const bridge = startExtraBridge(dir, { env: { CHAOS_CLOCK_AHEAD_MS: String(aheadMs) }, preload });
  const isUp = await bridge.up();
  const end = async () => {
    bridge.leave();
    await bridge.ended;
    return bridge.touches();
  };
  if (isUp) return end;
  await end();
  return undefined;
}

function mend(network: Network, ways: readonly WayName[]): Promise<void> {
  for (const way of ways) network.set(way, { kind: "none" });
  return Promise.resolve();
}

async function calmDown(stack: BenchStack): Promise<void> {
  await stack.control("behaviours", { profile: "friendly", errorMsg: null });
}
