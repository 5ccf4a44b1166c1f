import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { RunView } from "#run/view.ts";
import { readFrames } from "../support/sse.ts";
import { ask, bodyOf, Bridge, columns, post, readRun, submit } from "./support/api.ts";
import { letPass, objectOf, tablesOf } from "./support/object.ts";
import { bob, stranger, type Person } from "./support/people.ts";
import { breakDown, jobsOf } from "./support/stand-ins.ts";

const hoursMs = 60 * 60 * 1000;
const ready = { type: "ready", result: { customerKey: "Customers" }, rowCount: 1, columns, notes: [] } as const;

/** What Postgres has of a person's runs, newest first. */
async function listed(person: Person): Promise<RunView[]> {
  return (await bodyOf<{ runs: RunView[] }>(await ask("/v1/runs", {}, person))).runs;
}

describe("projection", () => {
  it("brings every version to Postgres, the last one at the end", async () => {
    const person = stranger();
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report(ready);
    const now = await readRun(id, person);
    await expect.poll(() => listed(person)).toEqual([now]);
  });

  it("is retried after Postgres was away, and brings only the newest version", async () => {
    const person = stranger();
    const repair = await breakDown("postgres", person.sub);
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    await new Bridge(id).claim();
    await letPass(id, 1_000);
    await repair();
    expect(await listed(person)).toEqual([]);
    const later = async () => {
      await letPass(id, 30_000);
      return listed(person);
    };
    await expect.poll(later).toEqual([await readRun(id, person)]);
  });

  it("delays neither a run nor its reader", async () => {
    const person = stranger();
    await breakDown("postgres", person.sub);
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    await new Bridge(id).perform();
    expect(await readRun(id, person)).toMatchObject({ status: "running", phase: "executing" });
  });
});

describe("purge", () => {
  async function purgedRun(person: Person): Promise<RunView> {
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report(ready);
    const view = await readRun(id, person);
    await expect.poll(() => listed(person)).toEqual([view]);
    await letPass(id, 48 * hoursMs);
    return view;
  }

  it("empties the object 48 h after the end; then Postgres answers, events are over and rows are gone", async () => {
    const person = stranger();
    const view = await purgedRun(person);
    const { id } = view;
    expect(await tablesOf(id)).toEqual([]);
    expect(await readRun(id, person)).toEqual(view);
    expect((await ask(`/v1/runs/${id}/events`, {}, person)).status).toBe(204);
    const rows = await ask(`/v1/runs/${id}/results`, {}, person);
    expect([rows.status, (await bodyOf(rows)).code]).toEqual([410, "RESULT_EXPIRED"]);
    const canceled = await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
    expect([canceled.status, await canceled.json()]).toEqual([200, view]);
  });

  it("leaves the run its version as ETag", async () => {
    const person = stranger();
    const { id, version } = await purgedRun(person);
    const tag = `"${version}"`;
    for (const query of ["", "?debug=1"]) {
      const answer = await ask(`/v1/runs/${id}${query}`, {}, person);
      expect([query, answer.status, answer.headers.get("etag")]).toEqual([query, 200, tag]);
    }
    const known = await ask(`/v1/runs/${id}?wait=1`, { headers: { "if-none-match": tag } }, person);
    expect([known.status, known.headers.get("etag"), await known.text()]).toEqual([304, tag, ""]);
    const old = await ask(`/v1/runs/${id}`, { headers: { "if-none-match": '"1"' } }, person);
    expect([old.status, old.headers.get("etag")]).toEqual([200, tag]);
  });

  it("leaves the run visible to its owner only", async () => {
    const { id } = await purgedRun(stranger());
    for (const path of ["", "/events", "/results"]) {
      const answer = await ask(`/v1/runs/${id}${path}`, {}, bob);
      expect([path, answer.status, (await bodyOf(answer)).code]).toEqual([path, 404, "RUN_NOT_FOUND"]);
    }
  });

  it("waits until Postgres has the last version", async () => {
    const person = stranger();
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    const repair = await breakDown("postgres", person.sub);
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
    await letPass(id, 48 * hoursMs);
    expect(await readRun(id, person)).toMatchObject({ status: "canceled" });
    await repair();
    const later = async () => {
      await letPass(id, 60_000);
      return tablesOf(id);
    };
    await expect.poll(later).toEqual([]);
    expect(await readRun(id, person)).toMatchObject({ status: "canceled" });
  });

  it("releases an Idempotency-Key: used again, it starts a new run", async () => {
    const person = stranger();
    const headers = { "idempotency-key": "k" };
    const body = { sql: "SELECT CustomerKey FROM Customers" };
    const { id } = await bodyOf<RunView>(await post("/v1/runs", body, headers, person));
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" }, person);
    await expect.poll(() => listed(person)).toMatchObject([{ status: "canceled" }]);
    await letPass(id, 48 * hoursMs);
    const again = await bodyOf<RunView>(await post("/v1/runs", body, headers, person));
    expect(again).toMatchObject({ id, status: "queued", version: 1 });
    await expect.poll(() => listed(person)).toEqual([again]);
  });
});

describe("eviction", () => {
  it("in mid-run loses nothing: watchers, log, seq, grant and alarm are still there", async () => {
    const { id } = await submit();
    const frames = readFrames(await ask(`/v1/runs/${id}/events`));
    const bridge = new Bridge(id);
    await bridge.perform();
    await evictDurableObject(objectOf(id));
    expect(await (await bridge.grant(1)).json()).toMatchObject({ answer: "already", grant: { state: "performed" } });
    expect((await bridge.report({ type: "confirming" })).status).toBe(200);
    await evictDurableObject(objectOf(id));
    expect((await bridge.report(ready)).status).toBe(200);
    const told = (await frames.rest()).filter(({ event }) => event === "run");
    expect(told.map(({ id: version }) => version)).toEqual(["1", "2", "3", "4", "5", "6"]);
    await evictDurableObject(objectOf(id));
    await letPass(id, 48 * hoursMs);
    expect(await tablesOf(id)).toEqual([]);
  });

  it("of an object whose job Redis did not take leaves the retry", async () => {
    const person = stranger();
    const repair = await breakDown("redis", person.sub);
    const { id } = await submit("SELECT CustomerKey FROM Customers", person);
    await evictDurableObject(objectOf(id));
    await repair();
    await letPass(id, 60_000);
    expect(await jobsOf(id)).toHaveLength(1);
  });
});

describe("an id that was never opened", () => {
  it("leaves no storage, whatever the request", async () => {
    const id = "e".repeat(30);
    for (const path of ["", "/events", "/results"]) await ask(`/v1/runs/${id}${path}`);
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    await new Bridge(id).say("claim", { claimId: crypto.randomUUID() });
    expect(await tablesOf(id)).toEqual([]);
  });
});
