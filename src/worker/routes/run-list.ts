import { Hono } from "hono";
import { listRuns } from "#api/run-calls.ts";
import { listProjectedRuns } from "#db/runs.ts";
import { given } from "#lang/given.ts";
import type { AppEnv } from "../app-types.ts";
import { serve } from "../serve.ts";

export const runListRoutes = new Hono<AppEnv>();

serve(runListRoutes, listRuns, async (c, { query: { limit, cursor } }) => {
  // One more than asked for shows whether there is a next page.
  const paging = { limit: limit + 1, ...given({ before: cursor }) };
  const found = await listProjectedRuns(await c.var.clients.database(), c.var.user, paging);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? `${last.createdAt}_${last.id}` : undefined;
  return c.json({ runs: shown.map(({ view }) => view), ...given({ nextCursor }) });
});
