import { describe, expect, test } from "vitest";
import type { ServiceStatus } from "#protocol/service-status.ts";
import { bridgesFindings } from "../../scripts/doctor/bridges.ts";
import { cronFinding } from "../../scripts/doctor/cron.ts";
import { skewFinding } from "../../scripts/doctor/edge.ts";
import type { Check, Finding } from "../../scripts/doctor/finding.ts";
import { machineFinding } from "../../scripts/doctor/machine.ts";
import { secretsCheck } from "../../scripts/doctor/secrets.ts";
import { variablesCheck } from "../../scripts/doctor/variables.ts";

const vaultKeys = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
const secret = "a secret of more than 32 characters";
const common = { DATABASE_URL: "postgres://sqe_app:pw@db.example/main", VAULT_KEYS: vaultKeys, BRIDGE_SECRET: secret };
const worker = {
  ...common,
  DATABASE_SYSTEM_URL: "postgres://sqe_system:pw@db.example/main",
  UPSTASH_REDIS_REST_URL: "https://redis.example",
  UPSTASH_REDIS_REST_TOKEN: "token",
  JWT_SECRET: secret,
  JWT_ISSUER: "issuer",
  JWT_AUDIENCE: "audience",
  RUN_ID_SECRET: secret,
};
const bridge = {
  ...common,
  EDGE_URL: "https://edge.example",
  REDIS_URL: "rediss://redis.example:6379",
  DATABASE_SWEEPER_URL: "postgres://sqe_sweeper:pw@db.example/main",
};

type Sides = { worker?: Record<string, string | undefined>; bridge?: Record<string, string | undefined> };

/** What a check that asks nobody finds broken. */
async function brokenBy(check: Check, sides: Sides = {}): Promise<string[]> {
  const settings = { worker: { ...worker, ...sides.worker }, bridge: { ...bridge, ...sides.bridge }, source: "a test" };
  const status = Promise.resolve({ kind: "untold", why: "nobody was asked" } as const);
  const findings = await check.look({ settings, status, isDevelopment: false }, new AbortController().signal);
  return findings.flatMap((finding) => (finding.state === "broken" ? [finding.what] : []));
}

const whatOf = (findings: Finding[]) => findings.map(({ state, what }) => `${state}: ${what}`);

describe("variablesCheck", () => {
  test("finds nothing in settings that both programs take", async () => {
    expect(await brokenBy(variablesCheck)).toEqual([]);
  });

  test("names every variable that a program would refuse, of both programs", async () => {
    const broken = await brokenBy(variablesCheck, {
      worker: { UPSTASH_REDIS_REST_TOKEN: undefined, RUN_ID_SECRET: "short" },
      bridge: { REDIS_URL: "http://redis.example", EDGE_URL: undefined, SQE_TIME_SCALE: "60" },
    });
    expect(broken).toEqual([
      "Worker: UPSTASH_REDIS_REST_TOKEN is missing",
      expect.stringMatching(/^Worker: RUN_ID_SECRET is not usable: (?!.*short)/),
      "bridge: EDGE_URL is missing or malformed",
      "bridge: REDIS_URL is missing or malformed",
      "bridge: SQE_TIME_SCALE is for development only, and SQE_ENV is production",
    ]);
  });

  test("wants the same budget of calls on both sides", async () => {
    expect(await brokenBy(variablesCheck, { bridge: { MCE_CALLS_PER_MINUTE: "100" } })).toEqual([
      "MCE_CALLS_PER_MINUTE differs between Worker and bridge",
    ]);
  });
});

describe("secretsCheck", () => {
  const other = `k1:${Buffer.alloc(32, 2).toString("base64")}`;
  test.each<[string, Sides, string[]]>([
    ["nothing", {}, []],
    [
      "vault keys that are not base64 of 32 bytes",
      { worker: { VAULT_KEYS: "k1:AAAA" }, bridge: { VAULT_KEYS: "k1:AAAA" } },
      ["VAULT_KEYS of the Worker cannot be decoded", "VAULT_KEYS of the bridge cannot be decoded"],
    ],
    [
      "other vault keys at the bridge",
      { bridge: { VAULT_KEYS: other } },
      ["VAULT_KEYS differ between Worker and bridge"],
    ],
    [
      "another bridge secret",
      { bridge: { BRIDGE_SECRET: "x".repeat(32) } },
      ["BRIDGE_SECRET differs between Worker and bridge"],
    ],
    ["no rotation", { worker: { BRIDGE_SECRET: "y".repeat(32), BRIDGE_SECRET_PREVIOUS: secret } }, []],
  ])("finds %s", async (_what, sides, broken) => {
    expect(await brokenBy(secretsCheck, sides)).toEqual(broken);
  });
});

test("machineFinding() wants Node 24", () => {
  expect([machineFinding("24.0.1").state, machineFinding("26.0.0").state]).toEqual(["ok", "ok"]);
  expect(machineFinding("22.20.0")).toMatchObject({ state: "broken", what: expect.stringContaining("Node 22.20.0") });
});

test("skewFinding() bears a minute, as the signature does", () => {
  expect([0, 59_000, -59_000].map((ms) => skewFinding(ms).state)).toEqual(["ok", "ok", "ok"]);
  expect([61_000, -3_600_000].map((ms) => skewFinding(ms).state)).toEqual(["broken", "broken"]);
});

const status: ServiceStatus = {
  at: "2026-11-30T12:00:00.000Z",
  version: "0.10.0",
  redis: "up",
  postgres: "up",
  bridges: [
    {
      name: "one",
      host: "here",
      pid: 7,
      version: "0.9.1",
      since: "2026-11-30T10:00:00.000Z",
      seenAt: "2026-11-30T11:59:30.000Z",
    },
  ],
  queue: { intake: 0, waiting: 0, active: 0, delayed: 0 },
};

describe("bridgesFindings()", () => {
  test("is content with a bridge of an older version that takes what comes", () => {
    expect(whatOf(bridgesFindings(status))).toEqual([
      "ok: Bridges that run: here/7 (0.9.1, since 2026-11-30T10:00:00.000Z)",
      "ok: 0 commands wait on the intake",
    ]);
  });

  test("finds that no bridge runs, that one is newer than the Worker, that commands wait", () => {
    expect(whatOf(bridgesFindings({ ...status, bridges: [] }))).toContain("broken: No bridge runs");
    const newer = (status.bridges ?? []).map((bridge) => ({ ...bridge, version: "0.11.0" }));
    expect(whatOf(bridgesFindings({ ...status, bridges: newer }))).toContain(
      "broken: 1 of 1 bridges are newer than the Worker 0.10.0",
    );
    const queue = { intake: 4, intakeSince: "2026-11-30T11:58:00.000Z", waiting: 0, active: 0, delayed: 0 };
    expect(whatOf(bridgesFindings({ ...status, queue }))).toContain(
      "broken: 4 commands wait on the intake, the oldest since 2026-11-30T11:58:00.000Z",
    );
  });

  test("says nothing of bridges while the Worker cannot reach Redis", () => {
    const { bridges: _bridges, queue: _queue, ...without } = status;
    expect(bridgesFindings({ ...without, redis: "down" }).map(({ state }) => state)).toEqual(["skipped"]);
  });
});

describe("cronFinding()", () => {
  const unit = { tenantId: "t", mid: 7 };
  const sweeps = (overdue: number, endedAt?: string) => ({
    ...status,
    sweeps: { units: 3, overdue, list: [endedAt === undefined ? unit : { ...unit, endedAt }] },
  });

  test("is content when every unit was swept, and finds those that were not", () => {
    expect(cronFinding(sweeps(0, "2026-11-30T11:17:00.000Z")).state).toBe("ok");
    expect(cronFinding(sweeps(3))).toMatchObject({ state: "broken", what: expect.stringContaining("MID 7: never") });
    expect(cronFinding(sweeps(1, "2026-11-30T08:17:00.000Z")).what).toContain("last at 2026-11-30T08:17:00.000Z");
  });

  test("says nothing where nothing is to be swept, or Postgres is away", () => {
    expect(cronFinding({ ...status, sweeps: { units: 0, overdue: 0, list: [] } }).state).toBe("skipped");
    expect(cronFinding(status).state).toBe("skipped");
  });
});
