import { given } from "#lang/given.ts";
import { Hono } from "hono";
import { z } from "zod";
import { listProjectedRuns } from "#db/runs.ts";
import { RunId } from "#protocol/ids.ts";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";

export const runListRoutes = new Hono<AppEnv>();

/**
 * The place of the last run seen: its creation time, and its id for runs of the same millisecond. Only our own spelling
 * of a time is accepted, because Postgres cannot read every other; it has no year 0 either.
 */
const Cursor = z
  .templateLiteral([z.iso.datetime({ precision: 3 }), "_", RunId])
  .refine((text) => !text.startsWith("0000"), "Must not be in the year 0")
  .transform((text) => ({ createdAt: text.slice(0, text.indexOf("_")), id: text.slice(text.indexOf("_") + 1) }));

const Page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), cursor: Cursor.optional() });

runListRoutes.get("/", async (c) => {
  const page = Page.safeParse(c.req.query());
  if (!page.success) {
    const errors = page.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return problem("INVALID_BODY", "`limit` is 1 to 100, `cursor` is the `nextCursor` of the page before", { errors });
  }
  const { limit, cursor } = page.data;
  // One more than asked for shows whether there is a next page.
  const paging = { limit: limit + 1, ...given({ before: cursor }) };
  const found = await listProjectedRuns(await c.var.clients.database(), c.var.user, paging);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? `${last.createdAt}_${last.id}` : undefined;
  return c.json({ runs: shown.map(({ view }) => view), ...given({ nextCursor }) });
});
