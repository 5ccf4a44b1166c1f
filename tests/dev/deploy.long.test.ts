import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../dev/stack/ports.ts";
import { openLoopbackServer, type Server } from "../../dev/stand-ins/loopback-server.ts";
import { stepsOf, type Deployment } from "../../scripts/deploy/plan.ts";
import { runSteps } from "../../scripts/deploy/steps.ts";
import { listMigrations } from "../../scripts/migrations/record.ts";
import { openCloudflare, type Cloudflare } from "./support/cloudflare.ts";
import { openRealPostgres, postgresPrograms, type RealPostgres } from "./support/real-postgres.ts";

const migrations = await listMigrations(fileURLToPath(new URL("../../migrations", import.meta.url)));

describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  let server: RealPostgres;
  let cloudflare: Cloudflare;
  let edge: Server;
  let deployment: Deployment;

  beforeEach(async () => {
    if (postgresPrograms === undefined) return;
    server = await openRealPostgres(postgresPrograms, await freePort());
    cloudflare = await openCloudflare();
    edge = await openLoopbackServer(0, async () => ({ status: 200, body: { ok: true } }));
    const { networkUrl } = await server.createDatabase();
    deployment = { ownerUrl: networkUrl, worker: {}, bridge: { EDGE_URL: edge.url }, isDryRun: false, isFirst: true };
    for (const [name, value] of Object.entries(cloudflare.environment)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all([server.close(), cloudflare.close(), edge.close()]);
  });

  /** All steps but the doctor's. */
  async function deploy(changes: Partial<Deployment> = {}): Promise<string[]> {
    const lines: string[] = [];
    const steps = stepsOf({ ...deployment, ...changes }).filter(({ name }) => name !== "doctor");
    await runSteps(steps, (line) => lines.push(line));
    return lines;
  }
  const sent = () => cloudflare.calls.filter(({ method }) => method !== "GET");

  it("deploys: applies migrations, sends the Worker with its objects and its domain, and asks it how it is", async () => {
    const { host } = new URL(edge.url);
    expect(await deploy()).toEqual([
      `✔ migrate    applied ${migrations.join(", ")}`,
      `✔ build      ${join("dist", "worker")}`,
      `✔ deploy     to ${host}`,
      "✔ smoke run  /healthz answers; no run, because no tenant is connected yet (npm run admin -- connect)",
    ]);
    const [files, upload, ...rest] = sent();
    expect(files?.path).toBe("/accounts/account-1/workers/scripts/shell-query-engine/assets-upload-session");
    expect(upload?.path).toBe("/accounts/account-1/workers/scripts/shell-query-engine");
    const metadata = JSON.parse(/name="metadata"\s+(\{.*\})/.exec(upload?.body ?? "")?.[1] ?? "{}") as object;
    expect(metadata).toMatchObject({
      exports: { RunObject: { type: "durable-object", storage: "sqlite" } },
      code_update_strategy: { mode: "deferred", max_delay: 300 },
      // Secrets stay as `npm run setup` gave them.
      keep_bindings: expect.arrayContaining(["secret_text"]),
    });
    expect(rest.map(({ path, body }) => [path.split("/").at(-1), body])).toContainEqual([
      "schedules",
      '[{"cron":"17 * * * *"},{"cron":"*/2 * * * *"}]',
    ]);
    expect(rest.some(({ body }) => body.includes(`"hostname":"${host}"`))).toBe(true);
  });

  it("with --dry-run changes nothing, here or at Cloudflare, and says what it would do", async () => {
    const lines = await deploy({ isDryRun: true });
    expect(lines).toEqual([
      `✔ migrate    would apply ${migrations.join(", ")}`,
      `✔ build      ${join("dist", "worker")}`,
      `✔ deploy     would deploy to ${new URL(edge.url).host}`,
      `✔ smoke run  would do a run at ${edge.url}`,
    ]);
    expect(await deploy({ isDryRun: true })).toEqual(lines);
    expect(sent()).toEqual([]);
  });

  it("in a rehearsal sends nothing to Cloudflare", async () => {
    expect((await deploy({ worker: { SQE_ENV: "rehearsal" } }))[2]).toMatch(/^✔ deploy {5}not in a rehearsal/);
    expect(sent()).toEqual([]);
  });
});
