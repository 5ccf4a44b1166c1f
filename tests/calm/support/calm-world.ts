import { Registry } from "prom-client";
import { openBudget } from "#budget/budget.ts";
import { limitsOf } from "#budget/limits.ts";
import type { FolderIds } from "#db/folders.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { openTokenCache, type MceCall } from "#mce/client.ts";
import { ConnectionId, Eid, Mid, TenantId, UserId, runIdOf, type RunId } from "#protocol/ids.ts";
import { jobIdOf } from "#protocol/job.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";
import { readSettings } from "#protocol/settings.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { fetchFrom } from "../../../sandbox/in-process.ts";
import type { Fault } from "../../../sandbox/faults.ts";
import { openWorld as openSandboxWorld } from "../../../sandbox/world.ts";
import { openAccess } from "../../../src/queue-bridge/business-unit/access.ts";
import { openFolders } from "../../../src/queue-bridge/business-unit/folders.ts";
import { processJob, type ProcessorDeps } from "../../../src/queue-bridge/processor/processor.ts";
import type { Memory } from "../../../src/queue-bridge/run/memory.ts";
import { openCapacity } from "../../../src/queue-bridge/run/capacity.ts";
import { openAlphabets } from "../../../src/queue-bridge/business-unit/alphabets.ts";
import { openRefusedLooks } from "../../../src/queue-bridge/business-unit/refused-looks.ts";
import { openSoapAccounts } from "../../../src/queue-bridge/business-unit/soap-accounts.ts";
import { openStatusBoard } from "../../../src/queue-bridge/business-unit/status-board.ts";
import { openRunMetrics } from "../../../src/queue-bridge/metrics/runs.ts";
import { bucketOf } from "../../support/model-bucket.ts";
import { openObjects } from "./objects.ts";
import { openVirtualClock } from "./virtual-clock.ts";

const tenancy: Tenancy = {
  tenantId: TenantId.parse("0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e11"),
  userId: UserId.parse("alice"),
  mid: Mid.parse(7000001),
  eid: Eid.parse(7000001),
  connectionId: ConnectionId.parse("5ab1a6ac-23cd-4cbb-9a08-2d9c1a3c9b21"),
};
const connection = {
  id: tenancy.connectionId,
  eid: tenancy.eid,
  subdomain: "mcsandbox-enterprise-a000001",
  clientId: "sandbox-client-a",
  clientSecret: "sandbox-secret-a",
};
const start = Date.UTC(2026, 0, 15, 12);
/** BullMQ's own back-off of a start that threw, as the worker sets it. */
const retryMs = (tries: number) => Math.min(1000 * 2 ** (tries - 1), 15_000);

/**
 * The bridge's own code from the claim to the clean-up, with run objects and a sandbox in this process, all on one clock
 * that a test steers: 29 minutes pass in a moment, and every call is recorded with its time.
 */
export function openCalmWorld(durationMs: number) {
  const clock = openVirtualClock(start);
  const settings = readSettings({});
  const sandbox = openSandboxWorld({
    durationMs,
    rows: 200,
    now: clock.now,
    setTimer: (work, ms) => clock.at(clock.now() + ms, work),
  });
  sandbox.url = "http://sandbox.local";
  const platform = clock.platform(fetchFrom(sandbox));
  const limits = limitsOf(300, settings.callMinuteMs);
  const log: ProcessorDeps["log"] = (event, facts) => {
    if (event === "bug") bugs.push(JSON.stringify(facts));
  };
  const bugs: string[] = [];
  const budget = openBudget({ shared: bucketOf(limits, clock.now), platform, limits });
  const connections = {
    get: async () => connection,
    renew: async () => connection,
    forget: () => undefined,
    dropOld: () => {},
  };
  const { readTimeoutMs, effectTimeoutMs } = settings;
  const failures: number[] = [];
  const onCall = ({ outcome, status = 0 }: MceCall) => {
    if (outcome !== "ok" || status >= 400) failures.push(clock.now());
  };
  const mce = { tokens: openTokenCache(), readTimeoutMs, effectTimeoutMs, sandboxUrl: sandbox.url, onCall };
  let folderIds: FolderIds = {};
  const noGrants = {
    db: () => Promise.reject(new Error("no run here is a person's")),
    vault: () => Promise.reject(new Error("no run here is a person's")),
    platform,
  };
  const folders = {
    read: async () => folderIds,
    save: async (_: unknown, ids: FolderIds) => void (folderIds = ids),
  };
  const objects = openObjects(clock, settings, (run, delivery) => void work(run, delivery));
  const deps: ProcessorDeps = {
    edge: objects.edge,
    access: openAccess({ connections, grants: noGrants, mce, budget, limits, platform, settings, log }),
    listConnectionIds: async () => [],
    folders: openFolders(folders, log),
    metadata: openMetadata(clock.now),
    alphabets: openAlphabets(),
    soapAccounts: openSoapAccounts(clock.now),
    refusedLooks: openRefusedLooks(clock.now),
    probedUnits: { startOf: () => ({}) },
    unsent: { note: async () => {}, has: async () => false },
    durations: { read: async () => undefined, learn: async () => {} },
    metrics: openRunMetrics(new Registry()),
    statusBoard: openStatusBoard(platform, { freshMs: settings.settleMs, followedMs: settings.silentMs }),
    cancels: { listen: () => () => {} },
    runLog: () => {},
    traceLog: () => {},
    failPoint: () => {},
    capacity: openCapacity(300, settings),
    leaving: new AbortController().signal,
    settings,
    platform,
    log,
  };

  /** Repeats one job as BullMQ does, after a wait or an error, until it is done. */
  async function work({ id, flow }: Run, delivery: number): Promise<void> {
    const job = { kind: "run", runId: id, ...tenancy, flow, delivery, memory: {} } as const;
    let memory: Memory = {};
    const remembered = { read: () => memory, save: async (part: Memory) => void (memory = { ...memory, ...part }) };
    for (let tries = 0; ;) {
      const lost = new AbortController().signal;
      const done = await processJob(deps, { job, memory: remembered, lost }).catch(() => undefined);
      if (done === undefined) tries += 1;
      if (done !== undefined && done.kind !== "later") return;
      await platform.sleep(done?.waitMs ?? retryMs(tries));
      if (tries > 50) throw new Error(`job ${jobIdOf({ runId: id, delivery })} failed for good`);
    }
  }

  let runs = 0;
  return {
    clock,
    sandbox,
    settings,
    bugs,
    /** When the bridge knew that a call had failed, in order. */
    failures,
    run: (id: RunId) => objects.run(id),
    fail: (fault: Fault) => sandbox.faults.add([fault]),
    calm: () => sandbox.faults.clear(),
    /** Calls since the start, each with the time at which Marketing Cloud received it or gave it up. */
    calls: () => sandbox.ledger.after(0).flatMap((entry) => (entry.event === "call" ? [entry] : [])),
    applied: () => sandbox.ledger.after(0).filter(({ event }) => event === "applied").length,
    /** Keys of ours that are still there. */
    left(): string[] {
      const queries = sandbox.store.queries.filter(({ status }) => status === "Active");
      return [...sandbox.store.dataExtensions, ...queries].flatMap(({ customerKey }) =>
        customerKey.startsWith("QPP_") ? [customerKey] : [],
      );
    },
    submit(sql: string, target?: Target): RunId {
      runs += 1;
      const id = runIdOf(new Uint8Array(15).fill(runs));
      objects.open(id, tenancy, sql, target);
      return id;
    },
    /** Lets time pass until the run is over. */
    async over(id: RunId, withinMs: number): Promise<Run> {
      const until = clock.now() + withinMs;
      while (!isOver(objects.run(id).status)) {
        if (clock.now() > until) throw new Error(`run is ${JSON.stringify(objects.run(id))} after ${withinMs} ms`);
        await clock.pass(500);
      }
      return objects.run(id);
    },
    close() {
      sandbox.engine.close();
    },
  };
}
