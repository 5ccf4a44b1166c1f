import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { RunObject } from "#run-object/object.ts";
import type { GrantAnswer } from "#protocol/claim.ts";
import type { RunView } from "#run/view.ts";
import { objectOf } from "./support/object.ts";
import { ask, bodyOf, Bridge, columns, post, readRun, submit } from "./support/api.ts";

const failed = { type: "failed", error: { code: "QUERY_FAILED", title: "T", detail: "D" } } as const;

describe("POST /bridge/runs/{id}/claim", () => {
  it("gives the SQL, the tenancy and the noted intents, and makes the run running", async () => {
    const { id } = await submit("SELECT CustomerKey FROM Customers");
    const answer = await new Bridge(id).claim();
    expect(answer).toMatchObject({
      epoch: 1,
      seq: 0,
      status: "running",
      task: "run",
      spec: { sql: "SELECT CustomerKey FROM Customers", flow: "run-to-temp" },
    });
    expect(answer.ledger.map(({ asset, state, customerKey }) => [asset, state, customerKey])).toEqual([
      ["queryDefinition", "intended", `QPP_${id}_1`],
      ["dataExtension", "intended", `QPP_${id}_1`],
    ]);
    expect((await readRun(id)).status).toBe("running");
  });

  it("tells where the SQL has values of parameters, which the object keeps sealed until the run is over", async () => {
    const sql = "SELECT @a AS x FROM Customers WHERE CustomerKey = @longer";
    const parameters = [
      { name: "a", type: "number", value: 12_345 },
      { name: "longer", type: "text", value: "v" },
    ];
    const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql, parameters }));
    const bridge = new Bridge(id);
    expect((await bridge.claim()).spec).toMatchObject({
      sql: "SELECT 12345 AS x FROM Customers WHERE CustomerKey = N'v'",
      filled: [
        { at: 7, length: 5, was: 2 },
        { at: 53, length: 4, was: 7 },
      ],
    });
    const stored = () =>
      runInDurableObject(objectOf(id), (_object: RunObject, { storage }) => {
        const [row] = storage.sql.exec<{ body: string }>("select body from record").toArray();
        return JSON.parse(row?.body ?? "{}");
      });
    expect(await stored()).toMatchObject({ sealedFilled: expect.stringMatching(/^v1\./) });
    await bridge.report(failed);
    expect(Object.keys(await stored())).not.toContain("sealedFilled");
  });

  it("is idempotent by claimId and fences the older bridge by epoch", async () => {
    const { id } = await submit();
    const claimId = crypto.randomUUID();
    const old = new Bridge(id);
    await old.claim(claimId);
    expect((await old.claim(claimId)).epoch).toBe(1);
    const young = new Bridge(id);
    expect((await young.claim()).epoch).toBe(2);
    const late = await old.report({ type: "planned", columns, notes: [] });
    expect([late.status, await late.json()]).toEqual([403, { code: "STALE_EPOCH", status: "running", seq: 0 }]);
    expect((await old.grant(1)).status).toBe(403);
    expect((await old.say("alive", { epoch: 1 })).status).toBe(403);
    expect((await young.say("alive", { epoch: 2 })).status).toBe(200);
  });

  it("has nothing to do for a run canceled before anybody made anything, and a clean-up for one that is under way", async () => {
    const untouched = await submit();
    await ask(`/v1/runs/${untouched.id}/cancel`, { method: "POST" });
    expect(await new Bridge(untouched.id).claim()).toMatchObject({ task: "none", status: "canceled" });
    const touched = await submit();
    const bridge = new Bridge(touched.id);
    await bridge.perform();
    await ask(`/v1/runs/${touched.id}/cancel`, { method: "POST" });
    const again = await bridge.claim();
    expect(again).toMatchObject({ task: "cleanup", status: "canceled" });
    expect(again.spec).toBeUndefined();
    for (const entry of again.ledger) {
      const note = { state: "deleted", asset: entry.asset, attempt: entry.attempt, customerKey: entry.customerKey };
      expect((await bridge.report({ type: "noted", note })).status).toBe(200);
    }
    expect((await bridge.claim()).task).toBe("none");
    expect((await readRun(touched.id)).version).toBe(5);
  });

  it("answers 404 for a run nobody opened", async () => {
    expect((await new Bridge("a".repeat(30)).say("claim", { claimId: crypto.randomUUID() })).status).toBe(404);
  });
});

describe("POST /bridge/runs/{id}/grant", () => {
  it("grants Perform once, to one nonce", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    const nonce = crypto.randomUUID();
    const answers = [
      await bridge.grant(1, nonce),
      await bridge.grant(1, nonce),
      await bridge.grant(1),
      await bridge.grant(2),
    ];
    const bodies = await Promise.all(answers.map((answer) => bodyOf<GrantAnswer>(answer)));
    expect(bodies.map(({ answer }) => answer)).toEqual(["granted", "granted", "already", "already"]);
  });

  it("survives a restart of the bridge: the next one finds the open grant", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    await bridge.grant(1);
    expect(await new Bridge(id).claim()).toMatchObject({ grant: { n: 1, state: "open" } });
  });

  it("is refused once the user has canceled", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    expect(await (await bridge.grant(1)).json()).toMatchObject({ answer: "refused", status: "canceled" });
  });
});

describe("POST /bridge/runs/{id}/grant, once MCE has answered", () => {
  it("frees the next number after a refusal, and not before", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    await bridge.grant(1);
    const early = await bodyOf<GrantAnswer>(await bridge.grant(2));
    expect((await bridge.report({ type: "performRejected", n: 1, evidence: "refused" })).status).toBe(200);
    const next = await bodyOf<GrantAnswer>(await bridge.grant(2));
    expect([early.answer, next.answer]).toEqual(["already", "granted"]);
    expect((await bridge.report({ type: "performed", n: 2, taskId: "2" })).status).toBe(200);
    expect(await bodyOf<GrantAnswer>(await bridge.grant(3))).toMatchObject({
      answer: "already",
      grant: { n: 2, state: "performed", taskId: "2" },
    });
  });

  it.each([
    ["append", "not-running", 409],
    ["append", "refused", 200],
    ["overwrite", "not-running", 200],
  ] as const)("an %s whose Perform was %s: %i, and so stands its next grant", async (mode, evidence, status) => {
    const target = { customerKey: "Customers", mode };
    const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql: "SELECT CustomerKey FROM Customers", target }));
    const bridge = new Bridge(id);
    await bridge.claim();
    await bridge.grant(1);
    expect((await bridge.report({ type: "performRejected", n: 1, evidence })).status).toBe(status);
    const { answer } = await bodyOf<GrantAnswer>(await bridge.grant(2));
    expect(answer).toBe(status === 200 ? "granted" : "already");
  });

  it.each([
    { type: "performed", n: 1 },
    { type: "performRejected", n: 1, evidence: "refused" },
  ] as const)("takes no $type without a grant", async (report) => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    const answer = await bridge.report(report);
    expect([answer.status, await answer.json()]).toEqual([409, { code: "NO_GRANT", status: "running", seq: 0 }]);
  });
});

describe("POST /bridge/runs/{id}/transitions", () => {
  it("takes a repeat, refuses a gap with the last seq, and another body under a known number", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    const first = { epoch: 1, seq: 1, type: "planned", columns, notes: [] };
    expect((await bridge.say("transitions", first)).status).toBe(200);
    expect(await (await bridge.say("transitions", first)).json()).toEqual({ status: "running", version: 3, seq: 1 });
    const other = await bridge.say("transitions", { ...first, notes: ["other"] });
    expect([other.status, await other.json()]).toEqual([409, { code: "CONFLICT", status: "running", seq: 1 }]);
    const gap = await bridge.say("transitions", { epoch: 1, seq: 3, type: "confirming" });
    expect([gap.status, await gap.json()]).toEqual([409, { code: "GAP", status: "running", seq: 1 }]);
  });

  it("lets nothing but ledger notes in after the end, and says how it ended", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.perform();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const late = await bridge.report(failed);
    expect([late.status, await late.json()]).toMatchObject([409, { code: "RUN_IS_OVER", status: "canceled" }]);
    expect((await readRun(id)).status).toBe("canceled");
  });

  it("tells a bridge of the cancel in every answer", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.perform();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const entry = { asset: "dataExtension", attempt: 1, customerKey: `QPP_${id}_1` };
    const note = { state: "created", ...entry, objectId: "o", name: "n" };
    const answers = [
      await bridge.report({ type: "noted", note }),
      await bridge.report({ type: "confirming" }),
      await bridge.grant(2),
      await bridge.say("alive", { epoch: bridge.epoch }),
      await bridge.say("claim", { claimId: crypto.randomUUID() }),
    ];
    const bodies = await Promise.all(answers.map((answer) => bodyOf<{ status: string }>(answer)));
    expect(bodies.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => "canceled"));
  });

  it("takes ledger notes of the newest bridge alone, and they are no event", async () => {
    const { id } = await submit();
    const old = new Bridge(id);
    await old.perform();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const young = new Bridge(id);
    await young.claim();
    const note = { state: "deleted", asset: "dataExtension", attempt: 1, customerKey: `QPP_${id}_1` };
    const { version } = await readRun(id);
    expect((await old.report({ type: "noted", note })).status).toBe(403);
    expect(await (await young.report({ type: "noted", note })).json()).toEqual({ status: "canceled", version, seq: 3 });
  });

  it("shows nothing of epochs, grants or tenancy to the user", async () => {
    const { id } = await submit();
    await new Bridge(id).perform();
    const text = JSON.stringify(await readRun(id));
    for (const word of ["nonce", "claimId", "epoch", "tenant", "4711"]) expect(text).not.toContain(word);
  });

  it("refuses what is no transition", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    for (const body of [{}, { epoch: 1, seq: 1, type: "explode" }, { epoch: 1, seq: 0, type: "confirming" }, "text"]) {
      expect((await bridge.say("transitions", body)).status).toBe(422);
    }
  });

  it("takes the widest result there can be, into a target as wide", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.perform();
    const wide = Array.from({ length: 1000 }, (_, n) => ({
      name: `${n}`.padEnd(128, "漢"),
      type: "EmailAddress",
      maxLength: 4000,
      precision: 38,
      scale: 18,
      assumed: true,
    }));
    const notes = Array.from({ length: 50 }, (_, n) => `${n}`.padEnd(500, "漢"));
    const result = { customerKey: "K", orderBy: "漢".repeat(128), target: { columns: wide, isShared: true } };
    const answer = await bridge.report({ type: "ready", result, columns: wide, notes, rowCount: 1 });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "ready" }]);
    expect((await readRun(id)).columns).toHaveLength(1000);
  });

  it("says of a body that is too long that it is, so that nobody sends it again", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    const answer = await bridge.report({ type: "planned", columns, notes: ["x".repeat(3_000_000)] });
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: "TOO_LARGE" }]);
  });

  it("ends a failed run with its error for the user", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    await bridge.report(failed);
    expect(await readRun(id)).toMatchObject({ status: "failed", error: failed.error, endedAt: expect.any(String) });
  });
});
