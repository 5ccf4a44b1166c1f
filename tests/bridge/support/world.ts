import { given } from "#lang/given.ts";
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { vi } from "vitest";
import { openVault, seal } from "#db/vault.ts";
import { ConnectionId, Eid, Mid, TenantId, UserId, runIdOf, type RunId } from "#protocol/ids.ts";
import type { RunJob } from "#protocol/job.ts";
import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import type { Run } from "#run/run.ts";
import { isOver } from "#protocol/run-status.ts";
import { readSettings, type Settings } from "#protocol/settings.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { openSandbox } from "../../../sandbox/server.ts";
import { openBridge, type Bridge } from "../../../src/queue-bridge/bridge.ts";
import type { FailPointName } from "../../../src/queue-bridge/fail-point.ts";
import type { LogFacts } from "../../../src/queue-bridge/log.ts";
import { openTestEdge } from "./edge.ts";
import { openStores } from "./kept-stores.ts";
import { straysIn, type Assets } from "./strays.ts";

/** Enterprise A's parent business unit, as the sandbox is seeded. */
export const tenancy: Tenancy = {
  tenantId: TenantId.parse("0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e11"),
  userId: UserId.parse("alice"),
  mid: Mid.parse(7000001),
  eid: Eid.parse(7000001),
  connectionId: ConnectionId.parse("5ab1a6ac-23cd-4cbb-9a08-2d9c1a3c9b21"),
};

const secret = "a-bridge-secret-for-tests";
const vaultKeys = `k1:${Buffer.alloc(32, 7).toString("base64")}`;
const databaseUrl = "postgres://sqe_app:app@db.local/main";
const sweeperUrl = "postgres://sqe_sweeper:sweeper@db.local/main";
const emptyTables = "truncate sqe.tenant_settings, sqe.query_durations, sqe.runs, sqe.sweeps";

type Accepting = { snippetName?: string; target?: Target; total?: true; tenancy?: Tenancy };
type Logged = LogFacts & { event: string };
type BridgeOptions = {
  callsPerMinute?: number;
  capabilitiesFiles?: readonly string[];
  concurrency?: number;
  failAt?: FailPointName;
  httpPort?: number;
  redisUrl?: string;
};
export type World = Awaited<ReturnType<typeof openWorld>>;

/** Polls and retries come sooner than in production, so that a query of a second or two counts as a long one. */
const soon = { pollMinMs: 250, firstPollMs: 500, brakeMs: 500 };

/** Opens the real parts around the bridge: Redis, Postgres, the sandbox, and an edge built on src/run. */
export async function openWorld() {
  const [{ redis: redisServer, neon }, sandbox, edge] = await Promise.all([
    openStores(),
    openSandbox({ port: 0 }),
    openTestEdge(secret),
  ]);
  const query = (sql: string, params?: unknown[]) => neon.query(sql, params);
  const { tenantId, connectionId, eid, mid } = tenancy;
  await seedConnection(query, { tenantId, connectionId, eid, mids: [mid], account: "a" });
  const redis = new Redis(redisServer.url);
  await redis.flushall();
  const logged: Logged[] = [];
  const bridges: Bridge[] = [];

  return {
    redis,
    edge,
    logged,
    sandboxUrl: sandbox.url,
    /** As Postgres' superuser. */
    query,
    /** The rows of a SELECT, as Postgres' superuser. */
    rows: (sql: string, params?: unknown[]) => neon.rows(sql, params),
    seedConnection: (connection: SeededConnection) => seedConnection(query, connection),
    /** What a bridge process needs to work in this world. */
    environment: {
      SQE_ENV: "development",
      EDGE_URL: edge.url,
      REDIS_URL: redisServer.url,
      BRIDGE_SECRET: secret,
      DATABASE_URL: databaseUrl,
      DATABASE_SWEEPER_URL: sweeperUrl,
      NEON_FETCH_ENDPOINT: neon.url,
      VAULT_KEYS: vaultKeys,
      MCE_SANDBOX_URL: sandbox.url,
      BRIDGE_HTTP_PORT: "0",
    },
    startBridge,
    calmDown,
    /** Empties the sandbox, Redis and Postgres except for tenants and connections, and ends all trouble. */
    async reset(behaviours: object = {}) {
      await Promise.all([calmDown(), ask("reset", {}), redis.flushall(), query(emptyTables)]);
      await ask("behaviours", behaviours);
      logged.length = 0;
    },
    /** Ends the bridges of a test, so that none works for the next one. */
    async stopBridges() {
      await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
    },
    accept,
    /** Accepts a run as the Worker would, and puts its job on the intake. */
    async submit(sql: string, options: Accepting = {}): Promise<RunId> {
      const { id, job } = accept(sql, options);
      await put(job);
      return id;
    },
    put,
    /** Waits for the end of the run, as long as a new bridge takes on a busy machine. */
    over: (id: RunId) =>
      vi.waitFor(
        (): Run => {
          const run = edge.run(id);
          if (!isOver(run.status)) throw new Error(`run is ${run.status}, its bridge said ${tail(logged)}`);
          return run;
        },
        { timeout: 90_000, interval: 20 },
      ),
    ask,
    /** Ends everything but the stores. @throws when MCE still holds what a run should have cleaned up */
    async close() {
      try {
        await clearUp();
      } finally {
        await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
        redis.disconnect();
        await Promise.all([edge.close(), sandbox.close()]);
      }
    },
  };

  /** Ends the trouble a test has ordered, of the edge and of MCE. */
  async function calmDown(): Promise<void> {
    edge.trouble = () => "answer";
    edge.skewMs = 0;
    await ask("faults", undefined, "DELETE");
  }

  /** Waits for the clean-ups that the last test did not wait for. */
  async function clearUp(): Promise<void> {
    await calmDown();
    await ask("behaviours", { profile: "friendly" });
    const asked = new Set<string>();
    const strays = async () => straysIn(await ask<Assets>("state"), edge.known, Date.now() + edge.skewMs);
    await vi.waitFor(
      async () => {
        const left = await strays();
        for (const { run } of left) if (!asked.has(run.id)) await putAgain(run, asked);
        if (left.length > 0)
          throw new Error(`left in MCE: ${left.map(({ key, run }) => `${key} (${run.status})`).join()}`);
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  /** Delivers a run again, as the object does while something is owed (D6): the edge of these tests has no alarm. */
  async function putAgain({ id, tenancy, flow }: Run, asked: Set<string>): Promise<void> {
    asked.add(id);
    if (asked.size === 1) await startBridge();
    await put({ kind: "run", runId: id, ...tenancy, flow, delivery: 1000 + asked.size });
  }

  /** Starts a bridge in this process. */
  async function startBridge(
    settings: Partial<Settings> = {},
    {
      callsPerMinute = 100_000,
      capabilitiesFiles = [],
      concurrency = 300,
      failAt,
      httpPort = 0,
      redisUrl = redisServer.url,
    }: BridgeOptions = {},
  ): Promise<Bridge> {
    const bridge = await openBridge(
      {
        edgeUrl: edge.url,
        redisUrl,
        secret,
        database: { url: databaseUrl, fetchEndpoint: neon.url },
        sweeperDatabase: { url: sweeperUrl, fetchEndpoint: neon.url },
        vaultKeys,
        sandboxUrl: sandbox.url,
        callsPerMinute,
        capabilitiesFiles,
        concurrency,
        graceMs: 5000,
        http: { host: "127.0.0.1", port: httpPort },
        ...(failAt === undefined ? {} : { failPoint: { name: failAt } }),
        settings: { ...readSettings({ SQE_ENV: "development" }), ...soon, ...settings },
      },
      (event, facts) => void logged.push({ event, ...facts }),
    );
    bridges.push(bridge);
    return bridge;
  }

  /** Accepts a run without putting its job on an intake. */
  function accept(sql: string, options: Accepting = {}): { id: RunId; job: RunJob } {
    const id = runIdOf(randomBytes(15));
    const owner = options.tenancy ?? tenancy;
    const { snippetName, target, total } = options;
    const named = snippetName === undefined ? {} : { snippetName };
    edge.open(id, owner, sql, { ...named, ...given({ target, total }) });
    const flow = target === undefined ? "run-to-temp" : "run-to-target";
    return { id, job: { kind: "run", runId: id, ...owner, ...named, flow, delivery: 1 } };
  }

  async function put(job: RunJob): Promise<void> {
    await redis.xadd(intakeStream, "*", intakeField, JSON.stringify(job));
  }

  /** Talks through the sandbox's own door (DESIGN 8). */
  async function ask<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${sandbox.url}/sandbox/${path}`, init);
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
    // The door's shapes are DESIGN 8's; each test names the part it reads.
    return (await answer.json()) as T;
  }
}

function tail(logged: readonly Logged[]): string {
  return JSON.stringify(logged.slice(-5));
}

/** A tenant's installed package in the sandbox. */
export type SeededConnection = {
  tenantId: string;
  connectionId: string;
  eid: number;
  mids: readonly number[];
  account: "a" | "b";
  /** Absent: the right ones. */
  clientId?: string;
  clientSecret?: string;
};

async function seedConnection(
  query: (sql: string, params?: unknown[]) => Promise<void>,
  { tenantId, connectionId, eid, mids, account, ...credentials }: SeededConnection,
): Promise<void> {
  const { clientId = `sandbox-client-${account}`, clientSecret = `sandbox-secret-${account}` } = credentials;
  const place = { table: "connections", tenantId, row: connectionId, field: "client_secret" };
  const sealed = await seal(await openVault(vaultKeys), clientSecret, place);
  await query("insert into sqe.tenants (id, eid, name) values ($1, $2, $3) on conflict do nothing", [
    tenantId,
    eid,
    `Enterprise ${account}`,
  ]);
  await query(
    `insert into sqe.connections (id, tenant_id, eid, mids, subdomain, client_id, client_secret)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [connectionId, tenantId, eid, mids, `mcsandbox-enterprise-${account}000001`, clientId, sealed],
  );
}
