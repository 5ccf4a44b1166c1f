import { expect, test } from "vitest";
import type { Run } from "#client/run.ts";
import type { RunState } from "#client/run-state.ts";
import type { Link, WatchOptions } from "#client/watch.ts";
import { clientOf, eventOf, problem, runView, streamOf, type Asked } from "./support/served.ts";

const retry = "retry: 1000\n\n";
const end = "event: end\ndata: {}\n\n";
const running = runView({ status: "running", version: 2 });
const executing = runView({ status: "running", phase: "executing", version: 3 });
const ready = runView({ status: "ready", version: 4 });

/** A run whose later calls `server` answers. */
async function opened(server: (asked: Asked, nth: number) => Response | Error, known = runView(), rest: object = {}) {
  const served = clientOf((asked, nth) => (nth === 1 ? Response.json(known) : server(asked, nth - 1)), rest);
  return { ...served, run: await served.client.open("r1") };
}

async function watched(run: Run, options?: WatchOptions): Promise<RunState[]> {
  const seen: RunState[] = [];
  for await (const state of run.watch(options)) seen.push(state);
  return seen;
}

const eventIds = (asked: readonly Asked[]) =>
  asked.filter(({ path }) => path.endsWith("/events")).map(({ headers }) => headers.get("last-event-id"));

test("watch() yields what is known, then each version once, and resumes a cut stream with the last one seen", async () => {
  const streams = [
    [retry, eventOf(running), eventOf(executing).slice(0, 40)],
    [retry],
    // A server may repeat the last event.
    [retry, eventOf(running), eventOf(executing).slice(0, 7), eventOf(executing).slice(7)],
    [retry, eventOf(ready), end],
  ];
  const { run, asked } = await opened((_, nth) => streamOf(streams[nth - 1] ?? []));
  const links: Link[] = [];
  expect(await watched(run, { onLink: (link) => links.push(link) })).toEqual([runView(), running, executing, ready]);
  expect(eventIds(asked)).toEqual(["1", "2", "2", "3"]);
  expect(run.state).toEqual(ready);
  expect(links.filter((link) => link === "reconnecting")).toHaveLength(3);
});

test("watch() with after yields only what follows; a run that is over and known yields itself without a call", async () => {
  const { run, asked } = await opened(() =>
    streamOf([retry, eventOf(runView()), eventOf(running), eventOf(ready), end]),
  );
  expect(await watched(run, { after: 1 })).toEqual([running, ready]);
  expect(await watched(run)).toEqual([ready]);
  expect(eventIds(asked)).toEqual(["1"]);
});

test("watch() shows each new place in the line while the run is queued", async () => {
  const position = (n: number) => `event: position\ndata: {"queuePosition":${n}}\n\n`;
  const { run } = await opened(() => streamOf([position(2), position(1), "event: news\ndata: x\n\n", eventOf(ready)]));
  const seen = await watched(run);
  expect(seen.map(({ status, queuePosition }) => queuePosition ?? status)).toEqual(["queued", 2, 1, "ready"]);
});

test.each([
  ["answers something else", () => new Response("<html>", { headers: { "content-type": "text/html" } }), {}],
  ["ends streams without a byte", () => streamOf([]), {}],
  ["holds streams back", () => streamOf([], { stays: true }), { isQuietOver: true }],
])("watch() asks with ?wait= where something between %s", async (_, stream, options) => {
  const answers = [
    new Response(null, { status: 304 }),
    new TypeError("cut"),
    Response.json(executing),
    Response.json(ready),
  ];
  const { run, asked } = await opened(
    ({ path }) => (path.endsWith("/events") ? stream() : (answers.shift() ?? new TypeError())),
    runView(),
    options,
  );
  const links: Link[] = [];
  expect(await watched(run, { onLink: (link) => links.push(link) })).toEqual([runView(), executing, ready]);
  expect(links.at(-1)).toBe("polling");
  expect(eventIds(asked).length).toBeLessThanOrEqual(2);
  const polls = asked.filter(({ path }) => path.includes("wait="));
  expect(polls.map(({ path, headers }) => [path, headers.get("if-none-match")])).toEqual([
    ["/v1/runs/r1?wait=25", '"1"'],
    ["/v1/runs/r1?wait=25", '"1"'],
    ["/v1/runs/r1?wait=25", '"1"'],
    ["/v1/runs/r1?wait=25", '"3"'],
  ]);
});

test.each([
  ["answers 204", () => new Response(null, { status: 204 })],
  ["says the end alone", () => streamOf([retry, end])],
])("watch() reads the run when the server %s, because its events are gone", async (_, gone) => {
  const { run } = await opened(({ path }) => (path.endsWith("/events") ? gone() : Response.json(ready)));
  expect(await watched(run)).toEqual([runView(), ready]);
});

test("watch() goes on through a server that is away for a minute, and tells a run that is gone", async () => {
  const { run } = await opened((_, nth) => (nth < 12 ? new TypeError("away") : streamOf([eventOf(ready)])));
  expect((await watched(run)).at(-1)).toEqual(ready);
  const gone = await opened(() => problem(404, "RUN_NOT_FOUND"));
  await expect(watched(gone.run)).rejects.toMatchObject({ code: "RUN_NOT_FOUND", status: 404 });
});

test("watch() ends with the reason of its signal", async () => {
  const leave = new AbortController();
  const { run } = await opened(() => streamOf([eventOf(running)], { stays: true }));
  const reason = new Error("left");
  const seen: RunState[] = [];
  const all = (async () => {
    for await (const state of run.watch({ signal: leave.signal })) {
      seen.push(state);
      if (state.version === 2) leave.abort(reason);
    }
  })();
  await expect(all).rejects.toBe(reason);
  expect(seen).toEqual([runView(), running]);
});
