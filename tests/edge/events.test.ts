import { describe, expect, it } from "vitest";
import { ask, askUnchecked, Bridge, columns, submit } from "./support/api.ts";
import { alice, tokenOf } from "./support/people.ts";
import { watchersOf } from "./support/object.ts";
import { readFrames } from "../support/sse.ts";

const ready = { type: "ready", result: { customerKey: "K" }, rowCount: 0, columns, notes: [] } as const;

function follow(id: string, headers: Record<string, string> = {}, query = ""): Promise<Response> {
  return ask(`/v1/runs/${id}/events${query}`, { headers });
}

describe("GET /v1/runs/{id}/events", () => {
  it("sends retry, a snapshot of now, every change with its version as id, then end, and closes", async () => {
    const { id } = await submit();
    const answer = await follow(id);
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store, no-transform");
    const frames = readFrames(answer);
    expect(await frames.next()).toEqual({ retry: "1000" });
    expect((await frames.nextRun()).status).toBe("queued");
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report({ type: "confirming" });
    await bridge.report(ready);
    const rest = await frames.rest();
    expect(rest.map(({ event, id }) => [event, id])).toEqual([
      ["run", "2"],
      ["run", "3"],
      ["run", "4"],
      ["run", "5"],
      ["run", "6"],
      ["end", undefined],
    ]);
    const views = rest.slice(0, -1).map(({ data }) => JSON.parse(data ?? ""));
    expect(views.map(({ status, phase }) => [status, phase])).toEqual([
      ["running", "preparing"],
      ["running", "preparing"],
      ["running", "executing"],
      ["running", "confirming"],
      ["ready", undefined],
    ]);
    expect(rest.at(-1)?.data).toBe("{}");
  });

  it("ends with its token, and leaves nothing open to nobody when only its head is asked for", async () => {
    const { id } = await submit();
    const exp = Math.floor(Date.now() / 1000) + 2;
    const token = await tokenOf(alice, { claims: { exp } });
    const frames = readFrames(await follow(id, { authorization: `Bearer ${token}` }));
    expect((await frames.rest()).map(({ event }) => event)).not.toContain("end");
    expect(Date.now()).toBeGreaterThan((exp - 1) * 1000);
    const head = await askUnchecked(`/v1/runs/${id}/events`, { method: "HEAD" });
    expect([head.status, await watchersOf(id)]).toEqual([200, 0]);
    expect((await askUnchecked(`/v1/runs/${"0".repeat(30)}/events`, { method: "HEAD" })).status).toBe(404);
  });

  it("shows every later event exactly once to a client that comes back with Last-Event-ID", async () => {
    const { id } = await submit();
    const before = readFrames(await follow(id));
    const bridge = new Bridge(id);
    await bridge.claim();
    const seen = [(await before.nextRun()).version, (await before.nextRun()).version];
    await before.hangUp();
    await bridge.report({ type: "planned", columns, notes: [] });
    await bridge.grant(1);
    await bridge.report({ type: "performed", n: 1 });
    const after = readFrames(await follow(id, { "last-event-id": String(seen.at(-1)) }));
    const missed = [(await after.nextRun()).version, (await after.nextRun()).version];
    await bridge.report({ type: "confirming" });
    await bridge.report(ready);
    const live = (await after.rest()).filter(({ event }) => event === "run").map(({ id }) => Number(id));
    expect([...seen, ...missed, ...live]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("accepts ?after= on the first connect, and sends a snapshot for an id it cannot use", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.perform();
    for (const [headers, query, first] of [
      [{}, "?after=2", 3],
      [{}, "", 4],
      [{ "last-event-id": "nonsense" }, "", 4],
      [{ "last-event-id": "99" }, "", 4],
    ] as const) {
      const frames = readFrames(await follow(id, headers, query));
      expect((await frames.nextRun()).version).toBe(first);
      await frames.hangUp();
    }
  });

  it("answers 204 only to a client that has seen the last event of a run that is over", async () => {
    const { id } = await submit();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    expect((await follow(id, { "last-event-id": "2" })).status).toBe(204);
    expect((await follow(id, { "last-event-id": "7" })).status).toBe(204);
    const rest = await readFrames(await follow(id, { "last-event-id": "1" })).rest();
    expect(rest.map(({ event }) => event)).toEqual([undefined, "run", "end"]);
  });

  it("releases the object when the client hangs up", async () => {
    const { id } = await submit();
    const frames = readFrames(await follow(id));
    await frames.nextRun();
    await expect.poll(() => watchersOf(id)).toBe(1);
    await frames.hangUp();
    await expect.poll(() => watchersOf(id)).toBe(0);
  });

  it("notifies all watchers", async () => {
    const { id } = await submit();
    const streams = await Promise.all(Array.from({ length: 5 }, async () => readFrames(await follow(id))));
    for (const frames of streams) await frames.nextRun();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    for (const frames of streams) expect((await frames.nextRun()).status).toBe("canceled");
  });

  it("sends every version once to a slow client of a wide run that is cut off and comes back", async () => {
    const { id } = await submit();
    const bridge = new Bridge(id);
    await bridge.claim();
    const wide = Array.from({ length: 1000 }, (_, n) => ({ ...columns[0], name: `${n}_${"Breite".repeat(20)}` }));
    for (let n = 1; n <= 5; n += 1) await bridge.report({ type: "planned", columns: wide, notes: [`plan ${n}`] });
    await bridge.report({ ...ready, columns: wide });
    const seen: number[] = [];
    let connections = 0;
    for (let after = "0"; ; after = String(seen.at(-1))) {
      const answer = await follow(id, { "last-event-id": after });
      if (answer.status === 204) break;
      connections += 1;
      // The whole backlog is there before the first byte is read.
      await expect.poll(() => watchersOf(id)).toBe(0);
      const frames = await readFrames(answer).rest();
      seen.push(...frames.filter(({ event }) => event === "run").map(({ id: version }) => Number(version)));
      expect(connections).toBeLessThan(10);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(connections).toBeGreaterThan(1);
  });
});
