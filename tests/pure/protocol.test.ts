import { describe, expect, it } from "vitest";
import { readEventId, runFrame } from "#run/frame.ts";
import { noteAsset, owedAssets } from "#run/ledger.ts";
import { newRun } from "#run/run.ts";
import { readSettings } from "#protocol/settings.ts";
import { isSigned, sign } from "#protocol/signature.ts";
import { Target } from "#protocol/target.ts";
import { viewOf } from "#run/view.ts";
import { aQueuedRun, aRunningRun } from "../support/runs.ts";

describe("runFrame()", () => {
  it("is one event whose id is the version and whose data is one line", () => {
    const frame = runFrame(viewOf({ ...aRunningRun(), snippetName: "two\nlines" }));
    expect(frame).toMatch(/^id: 2\nevent: run\ndata: \{[^\n]*\}\n\n$/);
  });
});

describe("readEventId()", () => {
  it.each([
    ["12", 12],
    ["0", 0],
    ["", undefined],
    ["abc", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    [undefined, undefined],
  ])("reads %j as %j", (text, id) => expect(readEventId(text)).toBe(id));
});

describe("viewOf()", () => {
  it("shows nothing of tenancy, epochs, grants or claims", () => {
    const shown = JSON.stringify(viewOf({ ...aRunningRun(), grant: { n: 1, nonce: "secret", at: 1, state: "open" } }));
    for (const hidden of ["tenant", "epoch", "nonce", "secret", "claimId", "connection", "seq"])
      expect(shown).not.toContain(hidden);
  });
});

describe("noteAsset() and owedAssets()", () => {
  const key = { asset: "dataExtension", attempt: 1, customerKey: "K" } as const;

  it("remember the id of what was created, and never bring a deleted asset back", () => {
    const created = noteAsset(noteAsset([], { state: "intended", ...key }), {
      state: "created",
      ...key,
      objectId: "o",
      name: "N",
    });
    expect(created).toEqual([{ ...key, state: "created", objectId: "o", name: "N" }]);
    const deleted = noteAsset(created, { state: "deleted", ...key });
    expect(deleted).toEqual([{ ...key, state: "deleted", objectId: "o", name: "N" }]);
    expect(noteAsset(deleted, { state: "created", ...key, objectId: "o", name: "N" })).toBe(deleted);
  });

  it("owe what a later shell has replaced, at any time", () => {
    const first = { ...key, state: "created" } as const;
    const second = { ...key, attempt: 2, customerKey: "K2", state: "intended" } as const;
    expect(owedAssets([first, second], { status: "running" }, 5)).toEqual([first]);
    expect(owedAssets([first, second], { status: "ready", expiresAt: 9 }, 5)).toEqual([first]);
    const gone = { ...first, state: "deleted" } as const;
    expect(owedAssets([gone, second], { status: "running" }, 5)).toEqual([]);
  });

  it("owe everything after a failure, only the query while a result lives, nothing while running", () => {
    const both = [
      { ...key, state: "created" },
      { ...key, asset: "queryDefinition", state: "created" },
    ] as const;
    expect(owedAssets(both, { status: "running" }, 5)).toEqual([]);
    expect(owedAssets(both, { status: "failed" }, 5)).toEqual(both);
    expect(owedAssets(both, { status: "ready", expiresAt: 9 }, 5)).toEqual([both[1]]);
    expect(owedAssets(both, { status: "ready", expiresAt: 9 }, 9)).toEqual(both);
  });
});

describe("a failed run that keeps its table", () => {
  const both = [
    { asset: "dataExtension", attempt: 1, customerKey: "K", state: "created" },
    { asset: "queryDefinition", attempt: 1, customerKey: "K", state: "created" },
  ] as const;

  it("owes its query at once and the table when it expires", () => {
    expect(owedAssets(both, { status: "failed", expiresAt: 9 }, 5)).toEqual([both[1]]);
    expect(owedAssets(both, { status: "failed", expiresAt: 9 }, 9)).toEqual(both);
  });

  it("shows until when", () => {
    const { id, tenancy, flow, createdAt } = aRunningRun();
    const error = { code: "QUERY_FAILED", title: "t", detail: "d" } as const;
    const failed = { ...newRun({ id, tenancy, flow, createdAt }), status: "failed", endedAt: 5, error } as const;
    expect(viewOf(failed)).not.toHaveProperty("expiresAt");
    expect(viewOf({ ...failed, expiresAt: 9 })).toMatchObject({ expiresAt: "1970-01-01T00:00:00.009Z" });
  });
});

describe("sign() and isSigned()", () => {
  const request = { method: "POST", path: "/bridge/runs/x/claim", timestamp: "1", body: "{}" };

  it("agree for any live secret, and not for a changed request", async () => {
    const signature = await sign("old secret", request);
    expect(await isSigned(["new secret", "old secret"], request, signature)).toBe(true);
    expect(await isSigned(["new secret"], request, signature)).toBe(false);
    for (const change of [{ body: "{ }" }, { path: "/bridge/runs/y/claim" }, { timestamp: "2" }, { method: "PUT" }]) {
      expect(await isSigned(["old secret"], { ...request, ...change }, signature)).toBe(false);
    }
    expect(await isSigned(["old secret"], request, "not hex")).toBe(false);
  });
});

describe("Target", () => {
  it.each([
    ...["a\0b", "\0", "\ud83d", "\ude00\ud83d", "Orders \udfff"].map((key) => [key, /U\+0000/]),
    ...["Orders\u0001", "\ufffe"].map((key) => [key, /control characters/]),
  ] as [string, RegExp][])("refuses %j, which cannot be kept or sent", (key, why) => {
    const said = Target.safeParse({ customerKey: key, mode: "append" }).error?.issues;
    expect(said).toMatchObject([{ path: ["customerKey"], message: expect.stringMatching(why) }]);
  });

  it("accepts every whole character, and trims blanks", () => {
    const customerKey = "Straße 😀";
    expect(Target.parse({ customerKey: ` ${customerKey} `, mode: "append" })).toEqual({ customerKey, mode: "append" });
  });
});

describe("readSettings()", () => {
  it("divides every wait by the time scale, except those that are set explicitly", () => {
    const settings = readSettings({ SQE_ENV: "development", SQE_TIME_SCALE: "60", SQE_RUN_TIMEOUT_MS: "5000" });
    expect([settings.pollMaxMs, settings.resultTtlMs, settings.runTimeoutMs]).toEqual([250, 1_440_000, 5_000]);
  });

  it.each(["60", "24", "7", "100000"])("has whole milliseconds at time scale %s, as timers require", (scale) => {
    const waits = Object.values(readSettings({ SQE_ENV: "development", SQE_TIME_SCALE: scale }));
    expect(waits.filter((ms) => !Number.isInteger(ms) || ms < 1)).toEqual([]);
  });

  it.each(["SQE_TIME_SCALE", "SQE_RUN_TIMEOUT_MS", "SQE_QUEUE_TIMEOUT_MS", "SQE_RESULT_TTL_MS", "SQE_HEARTBEAT_MS"])(
    "refuses %s in production, also when SQE_ENV is not set",
    (name) => {
      for (const env of [{}, { SQE_ENV: "production" }]) {
        expect(() => readSettings({ ...env, [name]: "60" })).toThrow(`${name} is for development only`);
      }
      expect(() => readSettings({ SQE_ENV: "development", [name]: "60" })).not.toThrow();
    },
  );

  it("refuses a wait that is not a number", () => {
    expect(() => readSettings({ SQE_ENV: "development", SQE_RUN_TIMEOUT_MS: "soon" })).toThrow();
  });
});

describe("newRun()", () => {
  it("starts queued at version 1, unclaimed", () => {
    expect(aQueuedRun()).toMatchObject({ status: "queued", version: 1, epoch: 0, seq: 0, notes: [] });
  });
});
