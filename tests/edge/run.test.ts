import { describe, expect, it } from "vitest";
import type { RunView } from "#run/view.ts";
import { ask, bodyOf, Bridge, readRun, submit } from "./support/api.ts";
import { watchersOf } from "./support/object.ts";

describe("GET /v1/runs/{id}?wait=", () => {
  it("waits for the next version without a tag, and answers at once to an old tag", async () => {
    const { id } = await submit();
    const waiting = ask(`/v1/runs/${id}?wait=20`);
    await expect.poll(() => watchersOf(id)).toBe(1);
    const bridge = new Bridge(id);
    await bridge.claim();
    const answer = await waiting;
    expect([answer.status, (await bodyOf<RunView>(answer)).status, answer.headers.get("etag")]).toEqual([
      200,
      "running",
      '"2"',
    ]);
    const old = await ask(`/v1/runs/${id}?wait=20`, { headers: { "if-none-match": '"1"' } });
    expect([old.status, old.headers.get("etag")]).toEqual([200, '"2"']);
  });

  it("waits with the newest tag too, and brings the change with its own", async () => {
    const { id } = await submit();
    const waiting = ask(`/v1/runs/${id}?wait=20`, { headers: { "if-none-match": '"1"' } });
    await expect.poll(() => watchersOf(id)).toBe(1);
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const answer = await waiting;
    expect([answer.status, answer.headers.get("etag"), await answer.json()]).toEqual([200, '"2"', await readRun(id)]);
    await expect.poll(() => watchersOf(id)).toBe(0);
  });

  it("answers 304 when nothing changed in time", async () => {
    const { id } = await submit();
    expect((await ask(`/v1/runs/${id}?wait=1`, { headers: { "if-none-match": '"1"' } })).status).toBe(304);
    expect((await ask(`/v1/runs/${id}`, { headers: { "if-none-match": 'W/"1"' } })).status).toBe(304);
  });

  it("answers at once when the run is over", async () => {
    const { id } = await submit();
    await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    expect((await bodyOf<RunView>(await ask(`/v1/runs/${id}?wait=25`))).status).toBe("canceled");
  });

  it.each(["26", "-1", "1.5", "soon"])("refuses to wait %s seconds", async (wait) => {
    const { id } = await submit();
    const answer = await ask(`/v1/runs/${id}?wait=${wait}`);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
  });
});

it.each(["GET %00", "GET %00?debug=1", "GET %00/events", "GET a%00b/results", "POST a%00b/cancel", "GET nonsense"])(
  "%s finds no run: the id is malformed",
  async (request) => {
    const [method = "", path = ""] = request.split(" ");
    const answer = await ask(`/v1/runs/${path}`, { method });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "RUN_NOT_FOUND"]);
  },
);

describe("POST /v1/runs/{id}/cancel", () => {
  it("answers 202 with the canceled run, then 200 unchanged", async () => {
    const { id } = await submit();
    const first = await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    const run = await bodyOf<RunView>(first);
    expect([first.status, run.status]).toEqual([202, "canceled"]);
    const second = await ask(`/v1/runs/${id}/cancel`, { method: "POST" });
    expect([second.status, await second.json()]).toEqual([200, run]);
  });
});
