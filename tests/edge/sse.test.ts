import { describe, expect, it, vi } from "vitest";
import type { RunView } from "#run/view.ts";
import { endReason } from "#run-object/watchers.ts";
import { eventStream, type StreamTimes } from "../../src/worker/watch/sse.ts";
import { readFrames } from "../support/sse.ts";

const hourMs = 60 * 60 * 1000;

/** A stream, and the end of its socket that a run object would hold. */
function openStream(times: Partial<StreamTimes> = {}, signal = new AbortController().signal) {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  const closed = new Promise<void>((resolve) => server.addEventListener("close", () => resolve()));
  const allTimes = { heartbeatMs: hourMs, streamMs: hourMs, leftMs: hourMs, ...times };
  let ends = 0;
  const hooks = { queue: () => Promise.resolve(), end: () => void (ends += 1) };
  const response = eventStream(client, allTimes, signal, hooks);
  return { response, ends: () => ends, frames: readFrames(response), server, closed };
}

/** What the stream passes on: any JSON with a version. */
const view = (version: number, notes: string[] = []) => JSON.stringify({ version, notes } satisfies Partial<RunView>);

describe("eventStream()", () => {
  it("sends retry first, each view with its version as id, and end when the object says so", async () => {
    const { frames, server } = openStream();
    server.send(view(7));
    server.close(1000, endReason);
    expect(await frames.rest()).toEqual([
      { retry: "1000" },
      { id: "7", event: "run", data: view(7) },
      { event: "end", data: "{}" },
    ]);
  });

  it("closes without an end event when the object goes away, so that the client comes back", async () => {
    const { frames, server } = openStream();
    server.close(1001, "restarting");
    expect(await frames.rest()).toEqual([{ retry: "1000" }]);
  });

  it("sends a comment at every beat", async () => {
    const { frames } = openStream({ heartbeatMs: 10 });
    expect([await frames.next(), await frames.next(), await frames.next()]).toEqual([
      { retry: "1000" },
      { comment: true },
      { comment: true },
    ]);
    await frames.hangUp();
  });

  it("is recycled after its time, plus or minus a fifth", async () => {
    const startedAt = Date.now();
    const { frames, closed } = openStream({ streamMs: 200 });
    expect(await frames.rest()).toEqual([{ retry: "1000" }]);
    await closed;
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(155);
  });

  it("ends when nobody knows any more whether its caller may follow", async () => {
    const { frames, closed, ends } = openStream({ leftMs: 50 });
    expect(await frames.rest()).toEqual([{ retry: "1000" }]);
    await closed;
    expect(ends()).toBe(1);
  });

  it("closes the object's socket when the client hangs up, or its request is aborted", async () => {
    const one = openStream();
    await one.frames.next();
    await one.frames.hangUp();
    await one.closed;
    const abort = new AbortController();
    const other = openStream({}, abort.signal);
    abort.abort();
    await other.closed;
    expect([one.ends(), other.ends()]).toEqual([1, 1]);
  });

  it("cuts off a client that lets 256 KiB pile up: it has whole events by then, and comes back for the rest", async () => {
    const { frames, server, closed } = openStream();
    const large = (version: number) => view(version, ["x".repeat(50 * 1024)]);
    for (let version = 1; version <= 5; version += 1) server.send(large(version));
    const isCut = vi.fn<() => void>();
    void closed.then(isCut);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isCut).not.toHaveBeenCalled();
    server.send(large(6));
    await closed;
    const ids = (await frames.rest()).map(({ id, event }) => id ?? event);
    expect(ids).toEqual([undefined, "1", "2", "3", "4", "5"]);
  });

  it.each([
    ["one", [300]],
    ["two", [300, 300]],
    ["one of 2 MB among small ones", [2000, 1, 1]],
  ])("sends a client at least one whole event, however large: %s", async (_, sizes) => {
    const { frames, server, closed } = openStream();
    for (const [index, kib] of sizes.entries()) server.send(view(index + 1, ["x".repeat(kib * 1024)]));
    if (sizes.length === 1) server.close(1000, endReason);
    await closed;
    const [retry, first, ...rest] = await frames.rest();
    expect([retry, first?.id, JSON.parse(first?.data ?? "{}").notes[0].length]).toEqual([
      { retry: "1000" },
      "1",
      (sizes[0] ?? 0) * 1024,
    ]);
    expect(rest).toEqual(sizes.length === 1 ? [{ event: "end", data: "{}" }] : []);
  });

  it("cuts off no client for a comment", async () => {
    const { frames, server, closed } = openStream({ heartbeatMs: 5 });
    const isCut = vi.fn<() => void>();
    void closed.then(isCut);
    server.send(view(1, ["x".repeat(256 * 1024)]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isCut).not.toHaveBeenCalled();
    expect((await frames.nextRun()).version).toBe(1);
    await frames.hangUp();
  });

  it("keeps what is pending for a client that reads nothing only for the lifetime of a stream", async () => {
    const { frames, server, closed } = openStream({ streamMs: 100 });
    server.send(view(1, ["x".repeat(300 * 1024)]));
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await expect(frames.rest()).rejects.toThrow("too slow");
  });

  it("forbids proxies to store or compress it", () => {
    const { response } = openStream();
    expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  });
});
