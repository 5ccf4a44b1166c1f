import { createExecutionContext, createScheduledController, env, waitOnExecutionContext } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { SweepCommand } from "#protocol/sweep.ts";
import worker from "../../src/worker/index.ts";
import { ask, bodyOf } from "./support/api.ts";
import { alice, tokenOf } from "./support/people.ts";
import { redis } from "./support/redis.ts";

const soon = { timeout: 30_000 };

/** Neither reconciles nor deletes the runs of other files: two minutes become 27 years. */
const calm = { ...env, SQE_TIME_SCALE: `${1 / 7_200_000}`, SQE_RUNS_KEPT_DAYS: "0" };

const unit = { tenantId: alice.tenant, mid: alice.mid };

async function operator(path: string, method = "POST"): Promise<Response> {
  const spoil = { claims: { role: "operator", tenant: undefined, connection: undefined } };
  return ask(path, { method, headers: { authorization: `Bearer ${await tokenOf(alice, spoil)}` } });
}

/** The sweeps on the intake, oldest first. */
async function commands(): Promise<SweepCommand[]> {
  const entries = await redis<[string, string[]][]>("XRANGE", "sqe:intake", "-", "+");
  return entries.flatMap(([, fields]) => SweepCommand.safeParse(JSON.parse(fields[1] ?? "")).data ?? []);
}

describe("POST /v1/admin/sweep", () => {
  it("is for operators, and no other route is", async () => {
    const byUser = await ask("/v1/admin/sweep", { method: "POST" });
    expect([byUser.status, (await bodyOf(byUser)).code]).toEqual([403, "FORBIDDEN"]);
    for (const [method, path] of [
      ["GET", "/v1/runs"],
      ["POST", "/v1/runs"],
      ["GET", `/v1/runs/${"0".repeat(30)}`],
      ["POST", "/v1/sql/check"],
    ] as const) {
      const byOperator = await operator(path, method);
      expect([path, byOperator.status, (await bodyOf(byOperator)).code]).toEqual([path, 403, "FORBIDDEN"]);
    }
  });

  it("puts a new sweep on the intake each time and answers 202", async () => {
    const answers = [await operator("/v1/admin/sweep"), await operator("/v1/admin/sweep")];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const ids = await Promise.all(answers.map(async (answer) => (await bodyOf<{ sweepId: string }>(answer)).sweepId));
    expect(new Set(ids).size).toBe(2);
    const put = (await commands()).filter(({ sweepId }) => ids.includes(sweepId));
    expect(put.map(({ isDryRun }) => isDryRun)).toEqual([false, false]);
  });

  it("waits for a dry run's answers of all business units", async () => {
    const answer = operator("/v1/admin/sweep?dryRun=1");
    const command = await vi.waitFor(async () => {
      const found = (await commands()).findLast(({ isDryRun }) => isDryRun);
      return found ?? expect.unreachable();
    }, soon);
    const key = `sqe:sweep:${command.sweepId}`;
    const doomed = { asset: "dataExtension", customerKey: "k", name: "n", createdAt: "2026-01-01T00:00:00.000Z" };
    await redis("HSET", key, "units", JSON.stringify([{ ...unit, newInALaterVersion: 1 }]));
    await redis("HSET", key, "a newer bridge's", "no JSON at all");
    await redis("HSET", key, "another one's", JSON.stringify({ ...unit, error: "NOT_TODAY", wouldDelete: [] }));
    await redis("HSET", key, `${unit.tenantId}/${unit.mid}`, JSON.stringify({ ...unit, wouldDelete: [doomed] }));
    expect([(await answer).status, await bodyOf(await answer)]).toEqual([
      200,
      { tenants: [{ ...unit, wouldDelete: [doomed] }] },
    ]);
  });

  it("refuses a dryRun that is neither true nor false, so that a typo deletes nothing", async () => {
    const answer = await operator("/v1/admin/sweep?dryRun=yes");
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
  });
});

describe("scheduled()", () => {
  it("asks for one sweep an hour, however often it fires", async () => {
    // In a different year, because other tests of this Redis fire the Cron Triggers, too.
    const hour = Date.UTC(2031, 10, 25, 12, 17);
    for (const scheduledTime of [hour, hour + 60_000, hour + 3_600_000]) {
      const context = createExecutionContext();
      await worker.scheduled(
        createScheduledController({ scheduledTime: new Date(scheduledTime), cron: "17 * * * *" }),
        calm,
      );
      await waitOnExecutionContext(context);
    }
    const ids = (await commands()).map(({ sweepId }) => sweepId).filter((id) => id.startsWith("hourly-2031"));
    expect(ids).toEqual(["hourly-2031-11-25T12", "hourly-2031-11-25T12", "hourly-2031-11-25T13"]);
  });
});
