import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SweptRun } from "#db/sweeps.ts";
import { readCustomerKey } from "#run/names.ts";
import { readSettings } from "#protocol/settings.ts";
import { hourlySweepId } from "#protocol/sweep.ts";
import {
  expiredAssets,
  oldOwnAssets,
  type FoundAsset,
  type OwnAsset,
} from "../../src/queue-bridge/left-over/expired-assets.ts";
import { sweepJobId, SweepJob } from "../../src/queue-bridge/left-over/sweep-job.ts";

const limits = readSettings({});
const hour = 60 * 60 * 1000;
const now = Date.UTC(2026, 10, 25, 12);
const folderId = 900;
const runId = "0123456789abcdef0123456789abcd";

function anAsset(overrides: Partial<FoundAsset> = {}): FoundAsset {
  const base = {
    asset: "dataExtension",
    objectId: "o-1",
    customerKey: `QPP_${runId}_1`,
    name: "QPP_Results_0123",
  } as const;
  return { ...base, folderId, createdAt: now - 25 * hour, ...overrides };
}
const own = (overrides: Partial<OwnAsset> = {}): OwnAsset => ({
  ...anAsset(),
  runId,
  createdAt: now - 25 * hour,
  ...overrides,
});
const aRun = (overrides: Partial<SweptRun> = {}): SweptRun => ({
  id: runId,
  status: "failed",
  createdAt: now - 25 * hour,
  ...overrides,
});

describe("oldOwnAssets()", () => {
  const pick = (asset: FoundAsset) => oldOwnAssets([asset], { folderId, now, limits }).length;

  test("selects what has our folder, key, name and age", () => {
    expect(oldOwnAssets([anAsset()], { folderId, now, limits })).toEqual([own()]);
  });

  test.each([
    ["a user's key under our prefix", { customerKey: "QPP_MyCustomers" }],
    ["a key of our form but for its case", { customerKey: `qpp_${runId}_1` }],
    ["a key with more behind it", { customerKey: `QPP_${runId}_10` }],
    ["a key with more before it", { customerKey: `X_QPP_${runId}_1` }],
    ["another folder", { folderId: 901 }],
    ["a name a user gave", { name: "Keep this" }],
    ["an age of just under a day", { createdAt: now - 24 * hour }],
  ])("leaves %s", (_what, overrides) => expect(pick(anAsset(overrides))).toBe(0));

  test.each(["QPP_顧客リスト_0123", "QPP_Клиенты_0123", "QPP_قائمة العملاء_0123"])(
    "accepts a name of any script: %s",
    (name) => expect(pick(anAsset({ name }))).toBe(1),
  );

  test("leaves assets of unknown age or folder", () => {
    const { createdAt: _createdAt, ...ageless } = anAsset();
    const { folderId: _folderId, ...homeless } = anAsset();
    expect([pick(ageless), pick(homeless)]).toEqual([0, 0]);
  });

  test("selects nothing that lacks any of the four signs", () => {
    const hex = fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: 30, maxLength: 30 });
    const key = fc.oneof(
      hex.map((id) => `QPP_${id}_1`),
      fc.string(),
      hex.map((id) => `QPP_${id}_`),
      fc.string().map((text) => `QPP_${text}`),
    );
    const found = fc.record({
      asset: fc.constantFrom("dataExtension" as const, "queryDefinition" as const),
      objectId: fc.string(),
      customerKey: key,
      name: fc.oneof(fc.string(), fc.constant("QPP_Results_0123")),
      folderId: fc.constantFrom(folderId, 1, 901),
      createdAt: fc.integer({ min: now - 48 * hour, max: now + hour }),
    });
    fc.assert(
      fc.property(fc.array(found), (all) => {
        for (const asset of oldOwnAssets(all, { folderId, now, limits })) {
          expect(readCustomerKey(asset.customerKey)?.runId).toBe(asset.runId);
          expect(asset.folderId).toBe(folderId);
          expect(asset.name.startsWith("QPP_")).toBe(true);
          expect(asset.createdAt).toBeLessThan(now - 24 * hour);
        }
      }),
    );
  });
});

describe("expiredAssets()", () => {
  const isDoomed = (run: SweptRun | undefined, asset = own()) =>
    expiredAssets([asset], run === undefined ? [] : [run], now, limits).length === 1;

  test("spares the assets of a run that is alive", () => {
    expect(isDoomed(aRun({ status: "running" }))).toBe(false);
    expect(isDoomed(aRun({ status: "queued" }))).toBe(false);
  });

  test("spares a result until it expires, and not from then on", () => {
    expect(isDoomed(aRun({ status: "ready", expiresAt: now + 1 }))).toBe(false);
    expect(isDoomed(aRun({ status: "ready", expiresAt: now }))).toBe(true);
  });

  test("spares the table of a failed run while it is kept", () => {
    const kept = (expiresAt: number) =>
      expiredAssets([own()], [aRun({ status: "failed", expiresAt })], now, limits).length;
    expect([kept(now + 1), kept(now)]).toEqual([0, 1]);
  });

  test("releases assets of a run that failed, was canceled, or is unknown", () => {
    expect([isDoomed(aRun()), isDoomed(aRun({ status: "canceled" })), isDoomed(undefined)]).toEqual([true, true, true]);
  });

  test("does not trust a live status forever: no run outlives both its deadlines", () => {
    expect(isDoomed(aRun({ status: "running", createdAt: now - 28 * hour }))).toBe(true);
  });

  test("spares a table that another run writes its result into, in any case of its key", () => {
    const other = aRun({ id: "f".repeat(30), targetKey: own().customerKey.toUpperCase() });
    expect(isDoomed(other)).toBe(false);
    expect(isDoomed(other, own({ asset: "queryDefinition" }))).toBe(true);
  });
});

test("hourlySweepId() is one for all moments of an hour, and a job's id is one per business unit", () => {
  const [at, later, next] = [now, now + hour - 1, now + hour].map(hourlySweepId);
  expect([at, later, next]).toEqual(["hourly-2026-11-25T12", "hourly-2026-11-25T12", "hourly-2026-11-25T13"]);
  const unit = { tenantId: "0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e11", mid: 7, sweepId: String(at), isDryRun: false };
  const ids = [7, 8].map((mid) => sweepJobId(SweepJob.parse({ kind: "sweep-unit", ...unit, mid })));
  expect(ids[0]).not.toBe(ids[1]);
  // BullMQ refuses ids with a colon, and reads whole numbers as its own.
  for (const id of ids) expect(id).toMatch(/^sweep-[^:]+$/);
});
