import { expect, it } from "vitest";
import type { RunState } from "#client/run-state.ts";
import { watchRun } from "#console/run/watch-run.ts";
import { clientOf, runView } from "../client/support/served.ts";

const hourMs = 3_600_000;

it("watchRun() follows a run whose engine is away for an hour, and says so meanwhile", async () => {
  const { client, waits } = clientOf((_, nth) => {
    if (nth === 1) return Response.json(runView());
    const awayMs = waits.reduce((sum, ms) => sum + ms, 0);
    return awayMs < hourMs ? new TypeError("no route") : Response.json(runView({ status: "ready", version: 2 }));
  });
  const run = await client.open("r1");
  const links: (string | undefined)[] = [];
  let state: RunState | undefined;
  await watchRun(run, new AbortController().signal, (news) => {
    if (news.run !== undefined) state = news.run;
    if (news.link !== undefined) links.push(news.link);
  });
  expect(links).toContain("reconnecting");
  expect(state?.status).toBe("ready");
});
