import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { openVault, seal } from "#db/vault.ts";
import { runIdOf } from "#protocol/ids.ts";
import { intakeStream } from "#protocol/redis-keys.ts";
import type { RunView } from "#run/view.ts";
import type { RunDebug } from "#run-object/debug.ts";
import type { RunObject } from "#run-object/object.ts";
import {
  ClaimAnswerV1,
  GrantAnswerV1,
  IntakeCommandV1,
  LedgerEntryV1,
  RefusalV1,
  StatusAnswerV1,
} from "../compat/v1/bridge-readers.ts";
import storedRuns from "../compat/v1/stored-run.json" with { type: "json" };
import transitions from "../compat/v1/transition.json" with { type: "json" };
import { readFrames } from "../support/sse.ts";
import { ask, askUnchecked, bodyOf, Bridge, columns, post, readRun, submit } from "./support/api.ts";
import { objectOf } from "./support/object.ts";
import { alice, bindings, stranger } from "./support/people.ts";
import { jobsOf, redis } from "./support/stand-ins.ts";

type Stored = (typeof storedRuns)[number];

/** The tables of a run object of version 1. */
const tables = `
  create table record (one integer primary key check (one = 1), body text not null);
  create table events (version integer primary key, view text not null);
  create table transitions (seq integer primary key, hash text not null, step text not null);
  create table outbox (delivery integer primary key, tries integer not null, next_try_at integer not null);
`;

/** Puts what version 1 has stored into an object of this version, under an id of its own. */
async function restore(stored: Stored): Promise<Stored> {
  const id = runIdOf(crypto.getRandomValues(new Uint8Array(15)));
  const text = JSON.stringify(stored).replaceAll(stored.record.run.id, id);
  const own: Stored = JSON.parse(text);
  const { record, events, transitions: taken, outbox } = own;
  const place = { table: "run-object", tenantId: alice.tenant, row: id, field: "sql" };
  const vault = await openVault(bindings["VAULT_KEYS"] ?? "");
  const sealed = own.sql === undefined ? {} : { sealedSql: await seal(vault, own.sql, place) };
  await runInDurableObject(objectOf(id), (_object: RunObject, { storage: { sql } }) => {
    sql.exec(tables);
    sql.exec("insert into record values (1, ?)", JSON.stringify({ ...record, ...sealed }));
    for (const view of events) sql.exec("insert into events values (?, ?)", view.version, JSON.stringify(view));
    for (const { hash, step } of taken)
      sql.exec("insert into transitions values (?, ?, ?)", step.seq, hash, JSON.stringify(step));
    for (const { delivery, tries, nextTryAt } of outbox)
      sql.exec("insert into outbox values (?, ?, ?)", delivery, tries, nextTryAt);
  });
  await evictDurableObject(objectOf(id));
  return own;
}

/** As a newer program would write it, with unknown members in every object. */
function withMore(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(withMore);
  if (typeof message !== "object" || message === null) return message;
  const members = Object.fromEntries(Object.entries(message).map(([name, value]) => [name, withMore(value)]));
  return { ...members, newInALaterVersion: { of: ["any"] } };
}

/** The same without those members. */
const known = (stored: Stored): Stored =>
  JSON.parse(JSON.stringify(stored, (name, value) => (name === "newInALaterVersion" ? undefined : value)));

const [executing, ready, failed] = storedRuns as [Stored, Stored, Stored];

describe("a run that an object of version 1 has stored", () => {
  it.each([
    ["executing", executing],
    ["ready", ready],
    ["failed", failed],
    // A Worker that is rolled back reads what the newer one has stored.
    ["executing, and of a newer version", withMore(executing) as Stored],
    ["ready, and of a newer version", withMore(ready) as Stored],
  ])("is shown as it was: %s", async (_, stored) => {
    const { record, events, transitions: taken } = known(await restore(stored));
    const { id } = record.run;
    expect(await bodyOf<RunView>(await askUnchecked(`/v1/runs/${id}`))).toMatchObject(events.at(-1) ?? {});
    const debugged = await bodyOf<RunView & { debug: RunDebug }>(await askUnchecked(`/v1/runs/${id}?debug=1`));
    expect(debugged.debug.steps).toMatchObject(taken.map(({ step }) => step));
    const frames = readFrames(await ask(`/v1/runs/${id}/events?after=1`));
    for (const view of events.slice(1)) expect(await frames.nextRun()).toMatchObject(view);
    await frames.hangUp();
  });

  it("continues where it was, and its bridge gets it", async () => {
    const { record, sql } = await restore(executing);
    const { id, grant, columns: planned } = record.run;
    const bridge = new Bridge(id);
    const claimed = await bridge.claim();
    const spec = { sql, target: record.run.target, snippetName: record.run.snippetName };
    expect(claimed).toMatchObject({ epoch: 2, seq: 2, task: "run", spec, grant, columns: planned });
    const old = `{"epoch":2,"seq":2,"type":"performed","n":1,"taskId":"4711"}`;
    expect(await bodyOf(await bridge.say("transitions", JSON.parse(old)))).toMatchObject({ code: "CONFLICT" });
    expect((await bridge.report({ type: "confirming" })).status).toBe(200);
    expect((await bridge.report({ type: "ready", result: { customerKey: "K" }, columns, notes: [] })).status).toBe(200);
    expect(await readRun(id)).toMatchObject({ status: "ready", version: 6, notes: ["A note"] });
  });

  it("still recognizes a repeated transition of version 1 by the hash of its text", async () => {
    const { record } = await restore(executing);
    const bridge = new Bridge(record.run.id);
    bridge.epoch = 1;
    const again = await bridge.say("transitions", { epoch: 1, seq: 2, type: "performed", n: 1, taskId: "4711" });
    expect([again.status, await again.json()]).toEqual([200, { status: "running", version: 4, seq: 2 }]);
  });

  it("can be canceled", async () => {
    const { record } = await restore(executing);
    const canceled = await ask(`/v1/runs/${record.run.id}/cancel`, { method: "POST" });
    expect([canceled.status, await canceled.json()]).toMatchObject([202, { status: "canceled", version: 5 }]);
  });

  it("has its rows read", async () => {
    const { record } = await restore(ready);
    const rows = await ask(`/v1/runs/${record.run.id}/results`);
    expect([rows.status, await rows.json()]).toMatchObject([200, { source: "target", page: 1 }]);
  });
});

describe("a bridge of another version", () => {
  it("that sends unknown members drives a run all the same", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    const claim = withMore({ claimId: crypto.randomUUID(), delivery: 1 });
    expect((await bridge.say("claim", claim)).status).toBe(200);
    const evidence = { verdict: "done", why: "complete-with-rows", sincePerformMs: 9, wasRunning: true, status: "odd" };
    const told = [
      { type: "planned", columns, notes: ["N"] },
      {
        type: "noted",
        note: {
          state: "created",
          asset: "dataExtension",
          attempt: 1,
          customerKey: `QPP_${id}_1`,
          objectId: "o",
          name: "n",
        },
      },
      { type: "performed", n: 1, taskId: "1" },
      { type: "confirming", evidence },
      { type: "ready", result: { customerKey: "Customers" }, rowCount: 1, columns, notes: [], evidence },
    ];
    expect((await bridge.say("grant", withMore({ epoch: 1, n: 1, nonce: crypto.randomUUID() }))).status).toBe(200);
    for (const [index, rest] of told.entries()) {
      const transition = withMore({ epoch: 1, seq: index + 1, ...rest });
      expect((await bridge.say("transitions", transition)).status).toBe(200);
      // Delivered twice it is a repeat, by the hash of the whole text.
      expect((await bridge.say("transitions", transition)).status).toBe(200);
      expect((await bridge.say("alive", withMore({ epoch: 1 }))).status).toBe(200);
    }
    const run = await bodyOf<RunView & { debug: RunDebug }>(await ask(`/v1/runs/${id}?debug=1`));
    expect(run).toMatchObject({ status: "ready", columns, debug: { ledger: [{}, { objectId: "o" }] } });
    expect(run.debug.steps.at(-1)?.verdict).toMatchObject({ verdict: "done", why: "other", status: "other" });
    expect(JSON.stringify(run)).not.toContain("newInALaterVersion");
  });

  it.each(transitions.map((transition, index) => [index + 1, transition] as const))(
    "that is older is understood: transition %i of version 1 is no malformed one",
    async (_, transition) => {
      const { id } = await submit();
      const bridge = new Bridge(id);
      await bridge.claim();
      const answer = await bridge.say("transitions", { ...transition, epoch: 1, seq: 1 });
      expect([200, 409]).toContain(answer.status);
    },
  );
});

describe("today's edge", () => {
  const reads = async (shape: z.ZodType, answer: Response) => shape.parse(await answer.json());

  it("answers nothing that a bridge of version 1 cannot read", async () => {
    const target = { customerKey: "Customers", mode: "append" };
    const body = { sql: "SELECT CustomerKey FROM Customers", snippetName: "Mine", target };
    const { id } = await bodyOf<RunView>(await post("/v1/runs", body));
    const bridge = new Bridge(id);
    const claim = () => bridge.say("claim", { claimId: crypto.randomUUID(), delivery: 1 });
    await reads(ClaimAnswerV1, await claim());
    bridge.epoch = 1;
    await bridge.report({ type: "planned", columns: [{ ...columns[0], assumed: true }], notes: [] });
    await reads(GrantAnswerV1, await bridge.grant(1));
    await reads(GrantAnswerV1, await bridge.grant(1));
    await reads(StatusAnswerV1, await bridge.report({ type: "performed", n: 1, taskId: "1" }));
    await reads(StatusAnswerV1, await bridge.say("alive", { epoch: 1 }));
    await reads(RefusalV1, await bridge.say("transitions", { epoch: 1, seq: 9, type: "confirming" }));
    await reads(RefusalV1, await bridge.say("alive", { epoch: 7 }));
    await reads(RefusalV1, await bridge.say("alive", { epoch: 1 }, { now: 1 }));
    await reads(RefusalV1, await new Bridge("b".repeat(30)).say("alive", { epoch: 1 }));
    const claimed = ClaimAnswerV1.parse(await (await claim()).json());
    expect(claimed).toMatchObject({ spec: { target, sql: body.sql }, columns: [{}], grant: { taskId: "1" } });
    LedgerEntryV1.array().min(1).parse(claimed.ledger);
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    bridge.epoch = ClaimAnswerV1.parse(await (await claim()).json()).epoch;
    await reads(GrantAnswerV1, await bridge.grant(2));
  });

  it("puts nothing on the intake that a bridge of version 1 cannot read", async () => {
    const person = stranger();
    await post("/v1/runs", { sql: "SELECT 1 AS A", snippetName: "Mine" }, {}, person);
    await expect.poll(async () => (await jobsOf(person.sub)).length).toBe(1);
    const entries = await redis<[string, [string, string]][]>(["XRANGE", intakeStream, "-", "+"]);
    const commands = entries.map(([, [, command]]) => IntakeCommandV1.parse(JSON.parse(command)));
    expect(commands).toContainEqual(expect.objectContaining({ userId: person.sub, snippetName: "Mine" }));
  });
});
