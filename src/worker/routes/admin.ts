import { Hono } from "hono";
import { z } from "zod";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";
import type { WorkerRedis } from "../redis.ts";
import { readPreview, type PreviewSoFar } from "../cron/sweep-preview.ts";

/** What an operator of the service may ask. */
export const adminRoutes = new Hono<AppEnv>();

/** A dry run is answered with what there is after this. */
const previewMs = 25_000;
const previewPollMs = 250;

const DryRun = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");

/** Starts a sweep now, or tells what one would delete (R12). */
adminRoutes.post("/sweep", async (c) => {
  const dryRun = DryRun.safeParse(c.req.query("dryRun") ?? "0");
  if (!dryRun.success) {
    return problem("INVALID_BODY", "`dryRun` is 1 or 0", { errors: [{ path: "dryRun", message: "1 or 0" }] });
  }
  const { redis } = c.var.clients;
  const sweepId = `manual-${crypto.randomUUID()}`;
  const isPut = await redis.putCommand({ kind: "sweep", sweepId, at: Date.now(), isDryRun: dryRun.data }).then(
    () => true,
    () => false,
  );
  if (!isPut) return problem("UNAVAILABLE", "Redis does not answer; nothing was started", { retryAfter: 5 });
  if (!dryRun.data) return c.json({ sweepId }, 202);
  const { tenants, pending } = await waitForPreview(redis, sweepId);
  if (pending === undefined) {
    return problem("UNAVAILABLE", "No bridge has answered; see whether one is running", { retryAfter: 30 });
  }
  return c.json(pending.length === 0 ? { tenants } : { tenants, pending });
});

async function waitForPreview(redis: WorkerRedis, sweepId: string): Promise<PreviewSoFar> {
  const giveUpAt = Date.now() + previewMs;
  for (;;) {
    const answers = await redis.readSweepAnswers(sweepId).catch(() => ({}));
    const preview = readPreview(answers);
    if (preview.pending?.length === 0 || Date.now() > giveUpAt) return preview;
    await new Promise((resolve) => setTimeout(resolve, previewPollMs));
  }
}
