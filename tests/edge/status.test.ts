import { describe, expect, it, vi } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import { bridgesKey } from "#protocol/redis-keys.ts";
import { ServiceStatus, type BridgeAnnouncement } from "#protocol/service-status.ts";
import { version } from "#protocol/version.ts";
import { admin } from "./support/admin.ts";
import { ask, bodyOf, submit } from "./support/api.ts";
import { alice, stranger, tokenOf } from "./support/people.ts";
import { breakDown, redis } from "./support/stand-ins.ts";

const soon = { timeout: 30_000 };

async function readStatus(): Promise<ServiceStatus> {
  const token = await tokenOf(alice, { claims: { role: "operator", tenant: undefined, connection: undefined } });
  const answer = await ask("/v1/admin/status", { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  // Strict: nothing that the document does not tell.
  return ServiceStatus.strict().parse(await answer.json());
}

function aBridge(name: string): BridgeAnnouncement {
  return { name, host: "host", pid: 7, version: "0.1.0", since: "2026-11-30T10:00:00.000Z" };
}

describe("GET /v1/admin/status", () => {
  it("is not for users", async () => {
    const answer = await ask("/v1/admin/status");
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  });

  it("lists the bridges that have spoken in the last 150 s, with their words", async () => {
    const now = Date.now();
    for (const [name, ago] of [
      ["here", 1000],
      ["late", 140_000],
      ["gone", 160_000],
    ] as const) {
      await redis(["ZADD", bridgesKey, String(now - ago), JSON.stringify(aBridge(name))]);
    }
    await redis(["ZADD", bridgesKey, String(now), "what a later version may say"]);
    const { bridges = [] } = await readStatus();
    const found = bridges.filter(({ host }) => host === "host");
    expect(found).toEqual([
      { ...aBridge("late"), seenAt: new Date(now - 140_000).toISOString() },
      { ...aBridge("here"), seenAt: new Date(now - 1000).toISOString() },
    ]);
  });

  it("counts what waits, and says since when", async () => {
    const before = await readStatus();
    const { id } = await submit("SELECT CustomerKey FROM Customers", stranger());
    await vi.waitFor(async () => {
      const { queue, runs } = await readStatus();
      expect(queue?.intake).toBeGreaterThan(before.queue?.intake ?? 0);
      expect(runs?.queued).toBeGreaterThan(before.runs?.queued ?? 0);
    }, soon);
    // Older than the rows of all other tests.
    await admin("update sqe.runs set created_at = '2020-01-02' where id = $1", [id]);
    await redis(["XADD", "sqe:intake", "1-1", "command", "none"]).catch(() => undefined);
    const { runs, queue } = await readStatus();
    expect(runs?.queuedSince).toBe("2020-01-02T00:00:00.000Z");
    expect(Date.parse(queue?.intakeSince ?? "")).toBeLessThanOrEqual(Date.now());
    await admin("update sqe.runs set created_at = now() where id = $1", [id]);
  });

  it("tells versions, schema and the last sweep of every business unit, those never swept first", async () => {
    await admin("delete from sqe.sweeps where mid = $1", [String(alice.mid)]);
    const sweepId = crypto.randomUUID();
    await admin(
      `insert into sqe.sweeps (tenant_id, mid, sweep_id, ended_at, found, deleted, failed)
       values ($1, $2, $3, now() - interval '3 hours', 3, 2, 1)`,
      [alice.tenant, String(alice.mid), sweepId],
    );
    const status = await readStatus();
    expect([status.version, status.schema, status.redis, status.postgres]).toEqual([
      version,
      { needed: neededMigration, newest: neededMigration, isNewEnough: true },
      "up",
      "up",
    ]);
    const { sweeps } = status;
    expect([sweeps?.units, sweeps?.overdue, sweeps?.list.length]).toEqual([4, 4, 4]);
    expect(sweeps?.list.at(-1)).toEqual({
      tenantId: alice.tenant,
      mid: alice.mid,
      endedAt: expect.any(String),
      found: 3,
      deleted: 2,
      failed: 1,
    });
    await admin("update sqe.sweeps set ended_at = now() where sweep_id = $1", [sweepId]);
    expect((await readStatus()).sweeps?.overdue).toBe(3);
  });

  it.each([
    ["redis", "ZRANGE", ["bridges", "queue"]],
    ["postgres", "count_runs", ["runs", "sweeps", "schema"]],
  ] as const)("answers while %s is down, and leaves out what it would have told", async (store, text, members) => {
    await breakDown(store, text);
    const status = await readStatus();
    expect(status[store]).toBe("down");
    for (const member of ["bridges", "queue", "runs", "sweeps", "schema"] as const) {
      expect([member, status[member] === undefined]).toEqual([member, (members as readonly string[]).includes(member)]);
    }
  });
});
