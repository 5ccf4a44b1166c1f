import { AsyncLocalStorage } from "node:async_hooks";
import { limitsOf } from "#budget/limits.ts";
import { runIdOf, RunId } from "#protocol/ids.ts";
import { readSettings } from "#protocol/settings.ts";
import { workerOptions } from "../../../src/queue-bridge/queue/worker.ts";
import { openRandom } from "../../../sandbox/random.ts";
import { bucketOf } from "../../support/model-bucket.ts";
import { openVirtualClock } from "../../calm/support/virtual-clock.ts";
import { openSimulatedBridge, type SimulatedBridge } from "./bridge.ts";
import { openFaults } from "./faults.ts";
import { openHistory } from "./history.ts";
import { openLife, type Life } from "./life.ts";
import { openModelLines } from "./lines.ts";
import { journal, openModelMce, type Doing } from "./mce.ts";
import { openNetwork, type Heard } from "./network.ts";
import { openModelPostgres } from "./postgres.ts";
import { openModelQueue } from "./queue.ts";
import { openModelRedis } from "./redis.ts";
import { openRunObjects } from "./run-objects.ts";
import type { RunPlan, Script } from "./script.ts";
import { stepOf } from "./step.ts";
import { openStrikes } from "./strikes.ts";
import { tenants } from "./tenants.ts";

const start = Date.UTC(2026, 0, 15, 12);
const settings = readSettings({});
const restartMs = 1000;

/** When a run was canceled, and whether a Perform had been granted by then. */
type Canceled = { id: RunId; at: number; wasGranted: boolean };

/** Everything a script is played on. */
export type Stage = ReturnType<typeof openStage>;

/** Opens the stage of a script: run objects, Redis, Postgres, Marketing Cloud and the way between them, on one clock. */
export function openStage(script: Script) {
  const clock = openVirtualClock(start);
  const random = openRandom(script.seed);
  const names = new Map<string, string>();
  const history = openHistory(clock.now, names);
  const redis = openModelRedis(clock.now);
  const { lockDuration: lockMs, stalledInterval: stalledCheckMs } = workerOptions;
  const queue = openModelQueue(clock.now, (due, work) => void clock.at(due, work), { lockMs, stalledCheckMs });
  const lines = openModelLines(clock.now);
  const used = tenants.filter((_, index) => script.runs.some(({ tenant }) => tenant === index));
  const postgres = openModelPostgres(used);
  const doing = new AsyncLocalStorage<Doing>();
  const heard: Heard[] = [];
  const canceled: Canceled[] = [];
  const bugs: string[] = [];
  const bridges: (SimulatedBridge | undefined)[] = [];
  const lives: Life[] = [];
  /** No bridge runs, and none comes back. */
  let isResting = false;
  const faults = openFaults(script);
  let areAnnouncementsLost: boolean | undefined;
  const reachRedis = async (isAnnouncement: boolean) => {
    // Nobody repeats an announcement.
    if (isAnnouncement && (areAnnouncementsLost ?? random.next() < 0.3)) throw new Error("Lost");
    if (faults.isCut("edge cut from Redis")) throw new Error("Cannot reach Redis");
  };
  const isCommandLost = () => faults.isCommandLost();
  const strikes = openStrikes(script.strikes, stepAt, () => ({ ...scene(), mce, faults, cancel: cancelAll }));
  const onEffect = (what: string) => strikes.reach(what);
  const objects = openRunObjects({ clock, settings, redis, postgres, history, reachRedis, isCommandLost, onEffect });
  const mce = openModelMce({
    clock,
    history,
    doing,
    durationMs: script.durationMs,
    latencyMs: () => random.between(40, 400),
    hasOpenGrant: (id) => objects.record(id)?.run.grant?.state === "open",
  });
  const post = openNetwork(
    clock,
    objects,
    (verb) => {
      const delayMs = random.between(2, 30);
      return strikes.fateOf(delayMs) ?? faults.fateOf(verb, delayMs);
    },
    (it) => heard.push(it),
  );
  const limits = limitsOf(script.callsPerMinute, settings.callMinuteMs);
  const bucket = bucketOf(limits, clock.now, redis.isUp);

  function startBridge(index = 0): void {
    if (isResting) return;
    const number = lives.length + 1;
    const earlier = lives.filter(({ name }) => name.startsWith(nameOf(index))).length;
    const crashes = index === 0 ? (script.crashes?.[earlier] ?? []) : [];
    const planned = faults.crashOf(index, earlier);
    const life: Life = openLife({
      clock,
      number,
      name: `${nameOf(index)}${earlier + 1}`,
      skewMs: script.skewsMs[index] ?? 0,
      crashes: [...crashes, ...planned],
      fetch: mce.fetchFor(() => life),
      onCancel: cancelAll,
      onEffect: (what) => strikes.reach(what, index),
      onDeath: (dead) => {
        if (isResting) return;
        history.note(dead.name, "dies");
        const downMs = planned[0]?.downMs ?? restartMs;
        clock.at(clock.now() + downMs, () => startBridge(index));
      },
    });
    lives.push(life);
    history.note(life.name, "starts");
    bridges[index] = openSimulatedBridge({
      life,
      settings,
      history,
      redis,
      queue,
      lines,
      postgres,
      bucket,
      doing,
      post,
      callsPerMinute: script.callsPerMinute,
      whoseIs: (runId) => doingOf(runId),
      onBug: (what) => bugs.push(what),
    });
  }

  function doingOf(runId: string | undefined): Doing | undefined {
    const id = RunId.safeParse(runId).data;
    const tenancy = id && objects.record(id)?.run.tenancy;
    const tenant = tenants.find((one) => one.tenancy.connectionId === tenancy?.connectionId);
    if (id === undefined || tenant === undefined) return undefined;
    return { runId: id, mid: tenant.tenancy.mid, clientId: tenant.connection.clientId };
  }

  function submit({ tenant, mode, cancelAt }: RunPlan, index: number): void {
    const id = runIdOf(new Uint8Array(15).fill(index + 1));
    names.set(id, `r${index + 1}`);
    const { tenancy } = tenants[tenant] ?? {};
    if (tenancy === undefined) throw new Error(`no tenant ${tenant}`);
    if (mode === "temp") objects.open(id, tenancy, "SELECT TOP 10 CustomerKey, FirstName FROM Customers");
    else
      objects.open(id, tenancy, `SELECT ${index} AS Id, 'x' AS Name`, {
        customerKey: mode === "append" ? journal : "No Rows",
        mode,
      });
    if (cancelAt !== undefined) clock.at(clock.now() + cancelAt, () => cancel(id));
  }

  function cancel(id: RunId): void {
    const grant = objects.record(id)?.run.grant;
    if (objects.cancel(id)) canceled.push({ id, at: clock.now(), wasGranted: grant !== undefined });
  }

  function cancelAll(isAnnounced: boolean): void {
    areAnnouncementsLost = !isAnnounced;
    for (const id of objects.ids()) cancel(id);
  }

  /** The step that the first run is at when somebody does something. */
  function stepAt(what: string) {
    const [id] = objects.ids();
    const record = id && objects.record(id);
    return record && stepOf({ record, what, hasQueryEnded: mce.hasEnded(record.run.id) });
  }

  const scene = () => ({ clock, history, redis, queue, lines, postgres, objects, bridges, startBridge });

  return {
    clock,
    history,
    objects,
    strikes,
    redis,
    postgres,
    mce,
    tenants: used,
    heard,
    canceled,
    bugs,
    settings,
    /** When the last fault of the script is over. */
    isCalmAt: () => Math.max(start + faults.lastMs, strikes.calmAt()),
    lives,
    /** Starts a bridge to which nothing happens. */
    resume(): void {
      isResting = false;
      startBridge(0);
    },
    async start(): Promise<void> {
      await mce.makeJournals(used);
      mce.world.faults.add(faults.ofMce());
      for (const [index] of script.skewsMs.entries()) startBridge(index);
      for (const [index, run] of script.runs.entries()) clock.at(start + run.at, () => submit(run, index));
      faults.play(scene());
    },
    /** Ends every fault and every bridge, until `resume`. */
    heal(): void {
      faults.end();
      strikes.end();
      redis.setUp(true);
      postgres.setUp(true);
      mce.world.faults.clear();
      isResting = true;
      for (const life of lives) life.die();
    },
    close(): void {
      isResting = true;
      for (const life of lives) life.die();
      objects.close();
      mce.world.engine.close();
    },
  };
}

const nameOf = (index: number) => `bridge ${"ABC"[index] ?? index}`;
