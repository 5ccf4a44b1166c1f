import { DatabaseSync } from "node:sqlite";
import type { RunId } from "#protocol/ids.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { openRecord } from "#run/open.ts";
import type { RunRecord } from "#run/record.ts";
import { cancel } from "#run/step.ts";
import type { RunView } from "#run/view.ts";
import { endAlone, runDue, type DueDeps } from "../../../src/run-object/due.ts";
import { openKeeper } from "../../../src/run-object/keeper.ts";
import { openOutbox } from "../../../src/run-object/outbox.ts";
import { openProjector } from "../../../src/run-object/projector.ts";
import { openStore } from "../../../src/run-object/store.ts";
import type { VirtualClock } from "../../calm/support/virtual-clock.ts";
import { words, type History } from "./history.ts";
import { answerBridge, type BridgeReply } from "./bridge-door.ts";
import { redisClientOf, storageOf, type WayToRedis } from "./object-parts.ts";
import type { ModelPostgres } from "./postgres.ts";
import type { Reached } from "./step.ts";

export type RunObjectsDeps = WayToRedis & {
  clock: VirtualClock;
  settings: Settings;
  postgres: ModelPostgres;
  history: History;
  /** Called for what an object does to others, just before it. */
  onEffect: (what: string) => Reached;
};

export type Asked = { id: RunId; verb: string; body: string };

/** The run objects of one edge: the code of src/run-object over SQLite in memory, on the simulation's clock. */
export type RunObjects = ReturnType<typeof openRunObjects>;

/** What a run object is before any restart: its storage and its alarm outlive the code that runs in it. */
type Kept = { db: DatabaseSync; alarmAt?: number; disarm: () => void; live: Live };

type Live = DueDeps & { isGone: boolean };

/** Opens an edge without runs. */
export function openRunObjects(deps: RunObjectsDeps) {
  const { clock, settings, postgres, history } = deps;
  const kept = new Map<RunId, Kept>();

  function wake(db: DatabaseSync, own: () => Kept): Live {
    const live = { isGone: false };
    const never = () => new Promise<never>(() => {});
    const outside = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      const { strike, end } = deps.onEffect(what);
      if (strike !== undefined) {
        // What the object stores before is one transaction with what it does next: nothing strikes in between.
        await Promise.resolve();
        strike();
        if (live.isGone) return never();
      }
      try {
        return await work();
      } finally {
        end();
        // What a restarted object was waiting for never comes.
        if (live.isGone) await never();
      }
    };
    // It has what the object's code calls; nobody watches.
    const ctx = {
      waitUntil: () => undefined,
      getWebSockets: () => [],
      storage: storageOf(db, (at) => arm(own(), at)),
    } as unknown as DueDeps["ctx"];
    const shared = {
      ctx,
      store: openStore(ctx.storage),
      settings,
      redis: redisClientOf(deps, outside),
      now: clock.now,
      log: (event: string, facts?: { runId?: string }) =>
        history.note(`object ${facts?.runId ?? ""}`, event + words(facts)),
      // Only compared with one another.
      sha256: (text: string) => Promise.resolve(text),
    };
    const project: { now: () => Promise<void> } = { now: () => Promise.resolve() };
    const keeper = openKeeper(shared, { visible: () => void project.now(), over: () => undefined });
    project.now = openProjector({
      ...shared,
      keeper,
      write: (run) => outside("object projects", () => postgres.project(run)),
    });
    const outbox = openOutbox({ ...shared, keeper });
    return Object.assign(live, { ...shared, keeper, outbox, project: project.now });
  }

  function arm(it: Kept, at: number | undefined): void {
    it.disarm();
    it.disarm = () => {};
    if (at === undefined) delete it.alarmAt;
    else {
      it.alarmAt = at;
      it.disarm = clock.at(at, () => void ring(it));
    }
  }

  async function ring(it: Kept): Promise<void> {
    const { live } = it;
    live.keeper.disarm();
    await runDue(live);
    live.keeper.arm();
  }

  function objectOf(id: RunId): Kept {
    const it = kept.get(id);
    if (it === undefined) throw new Error(`no run "${id}"`);
    return it;
  }

  return {
    /** Accepts a run, as `open()` of the object does. */
    open(id: RunId, tenancy: Tenancy, sql: string, target?: Target): void {
      const db = new DatabaseSync(":memory:");
      const it: Kept = { db, disarm: () => {}, live: wake(db, () => it) };
      kept.set(id, it);
      const flow = target === undefined ? "run-to-temp" : "run-to-target";
      const optional = target === undefined ? {} : { target };
      const request = { id, tenancy, flow, sql, notes: [], bodyHash: "", ...optional } as const;
      const record = { ...openRecord(request, clock.now(), settings), sealedSql: sql };
      const { store, keeper, outbox } = it.live;
      store.create();
      outbox.deliver(record, clock.now());
      keeper.publish(record.run);
      history.note("user", `submits ${id} ${target === undefined ? "" : target.mode}`);
    },
    /** Cancels a run, as its user does. @returns whether it was canceled by this */
    cancel(id: RunId): boolean {
      const { live } = objectOf(id);
      const record = live.store.read();
      const run = record && cancel(record.run, clock.now());
      if (record === undefined || run === undefined || run === record.run) return false;
      history.note("user", `cancels ${id}`);
      endAlone(live, { ...record, run }, clock.now());
      return true;
    },
    /** Restarts every object: what was in memory or under way is lost. */
    restart(): void {
      for (const it of kept.values()) {
        it.live.isGone = true;
        it.live = wake(it.db, () => it);
        // An alarm that was running when the object went is run again (Cloudflare: at least once).
        if (it.alarmAt !== undefined) arm(it, Math.max(it.alarmAt, clock.now()));
      }
    },
    /** Puts one more job of the first run, as after a silence. */
    deliverAgain(): void {
      const [it] = kept.values();
      const record = it?.live.store.read();
      if (record !== undefined) it?.live.outbox.deliver(record, clock.now());
    },
    record: (id: RunId): RunRecord | undefined => kept.get(id)?.live.store.read(),
    views: (id: RunId): readonly RunView[] => objectOf(id).live.store.eventsAfter(0),
    ids: () => [...kept.keys()],
    /** Answers a bridge's request, as the Worker and the object do. */
    answer({ id, verb, body }: Asked): BridgeReply {
      const it = kept.get(id);
      const record = it?.live.store.read();
      if (it === undefined || record === undefined) return { httpStatus: 404, body: { code: "RUN_NOT_FOUND" } };
      return answerBridge(it.live, record, verb, body);
    },
    close(): void {
      for (const { db, disarm } of kept.values()) {
        disarm();
        db.close();
      }
    },
  };
}
