import { repeat } from "#async/backoff.ts";
import { Hono } from "hono";
import { readServiceStatus, sweep } from "#api/admin-calls.ts";
import type { AppEnv } from "../app-types.ts";
import type { Clients } from "../clients.ts";
import { problem } from "../problem.ts";
import { serve } from "../serve.ts";
import { readPreview, type PreviewSoFar } from "../cron/sweep-preview.ts";
import { readStatus } from "../status/status.ts";

/** The calls of an operator of the service. */
export const adminRoutes = new Hono<AppEnv>();

/** A dry run is answered after 25 s with what has come by then. */
const polls = { patienceMs: 25_000, retryMinMs: 250, retryMaxMs: 250 };

/** Starts a sweep now, or answers what one would delete (R12). */
serve(adminRoutes, sweep, async (c, { query: { dryRun } }) => {
  const { redis } = c.var.clients;
  const sweepId = `manual-${crypto.randomUUID()}`;
  const isPut = await redis.putCommand({ kind: "sweep", sweepId, at: Date.now(), isDryRun: dryRun }).then(
    () => true,
    () => false,
  );
  if (!isPut) return problem("UNAVAILABLE", "Redis does not answer; no sweep was started", { retryAfter: 5 });
  if (!dryRun) return c.json({ sweepId }, 202);
  const { tenants, pending } = await waitForPreview(c.var.clients, sweepId);
  if (pending === undefined) {
    return problem("UNAVAILABLE", "No bridge has answered; check that one is running", { retryAfter: 30 });
  }
  return c.json(pending.length === 0 ? { tenants } : { tenants, pending });
});

/** How the service stands (D32). It wakes Postgres. */
serve(adminRoutes, readServiceStatus, async (c) => c.json(await readStatus(c.var.clients)));

function waitForPreview({ platform, redis }: Clients, sweepId: string): Promise<PreviewSoFar> {
  return repeat(platform, polls, async () => {
    const preview = readPreview(await redis.readSweepAnswers(sweepId).catch(() => ({})));
    return { kind: preview.pending?.length === 0 ? "done" : "again", value: preview };
  });
}
