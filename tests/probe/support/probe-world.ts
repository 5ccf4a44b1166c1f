import { openPlatform } from "#async/platform.ts";
import { runProbe, type Probed, type ProbeDeps } from "#probe/probe.ts";
import { accounts } from "../../../sandbox/accounts.ts";
import type { Behaviours } from "../../../sandbox/behaviours.ts";
import { fetchFrom } from "../../../sandbox/in-process.ts";
import { openWorld, type World } from "../../../sandbox/world.ts";
import { openVirtualClock, type VirtualClock } from "../../calm/support/virtual-clock.ts";

const [account] = accounts;
if (account === undefined) throw new Error("the sandbox has no accounts");
const { subdomain, clientId, clientSecret, eid } = account;

/** The package that the probes of these tests sign in with. */
export const access = { connectionId: "probe", subdomain, clientId, clientSecret, eid, mid: 7000011 };

/** Long enough for the probe to see a run going on. */
const durationMs = 8000;

/** A tenant for one probe: the sandbox behind the real host names, on a clock that only the test moves. */
export type ProbeWorld = {
  world: World;
  clock: VirtualClock;
  /** Runs a probe while time passes. @param until called after each second; true stops the probe */
  probe(deps?: Partial<ProbeDeps>, until?: (world: World) => boolean): Promise<Probed>;
  /** What is in Marketing Cloud beside what was there before the world's first probe. */
  left(): string[];
  /** Names of the calls since the start. */
  calls(): string[];
};

/** Opens a tenant. @param switches how it behaves, beside queries that take 8 s */
export function openProbeWorld(switches: Partial<Behaviours> = {}): ProbeWorld {
  const clock = openVirtualClock(Date.UTC(2026, 0, 15, 12));
  const setTimer = (work: () => void, ms: number) => clock.at(clock.now() + ms, work);
  const world = openWorld({ rows: 200, now: clock.now, setTimer, switches: { durationMs, ...switches } });
  world.url = `https://${subdomain}.rest.marketingcloudapis.com`;
  const platform = { ...clock.platform(fetchFrom(world)), uuid: () => openPlatform().uuid() };
  const before = new Set(assetsOf(world));
  return {
    world,
    clock,
    async probe(deps = {}, until = () => false) {
      const stop = new AbortController();
      const ended = new AbortController();
      const running = runProbe(access, { platform, signal: stop.signal, ...deps }).finally(() => ended.abort());
      while (!ended.signal.aborted) {
        await clock.pass(1000);
        if (until(world)) stop.abort();
      }
      return running;
    },
    left: () => assetsOf(world).filter((asset) => !before.has(asset)),
    calls: () => world.ledger.after(0).flatMap((entry) => (entry.event === "call" ? [entry.call] : [])),
  };
}

function assetsOf({ store }: World): string[] {
  const queries = store.queries.filter(({ status }) => status === "Active");
  return [
    ...store.folders.map(({ id, name }) => `folder ${id} ${name}`),
    ...store.dataExtensions.map(({ customerKey }) => `table ${customerKey}`),
    ...queries.map(({ customerKey }) => `query ${customerKey}`),
  ];
}
