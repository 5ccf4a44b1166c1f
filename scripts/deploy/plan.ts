import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectAsOwner } from "../migrations/owner.ts";
import { migrate, readStanding } from "../migrations/migrate.ts";
import { EnvironmentName } from "#protocol/development-only.ts";
import { findPlace, makeKey, makeOperatorKey, revokeKey, revokeOperatorKey } from "../admin/keys.ts";
import { buildSite } from "../site/build.ts";
import { runWrangler } from "../wrangler.ts";
import { readIlls } from "./doctor.ts";
import { assertHealthy, smokeRun } from "./smoke.ts";
import type { Step } from "./steps.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const migrations = join(root, "migrations");

export type Deployment = {
  ownerUrl: string | undefined;
  /** What `npm run setup` wrote for the Worker and for the bridge. */
  worker: Readonly<Record<string, string>>;
  bridge: Readonly<Record<string, string>>;
  isDryRun: boolean;
  /** Nothing runs yet, so the doctor comes last. */
  isFirst: boolean;
};

/** The steps of a deployment, in order. */
export function stepsOf(deployment: Deployment): Step[] {
  const checks = [doctorStep(deployment)];
  const work = [migrateStep(deployment), buildStep(), deployStep(deployment), smokeStep(deployment)];
  if (!deployment.isFirst) return [...checks, ...work];
  // Before the very first deployment there is nothing to examine.
  return deployment.isDryRun ? work : [...work, ...checks];
}

function doctorStep({ isFirst, ownerUrl, worker }: Deployment): Step {
  return {
    name: "doctor",
    advice: isFirst
      ? "do what npm run doctor says of each, and run it again"
      : "do what npm run doctor says of each; on the very first deployment use npm run deploy -- --first",
    async run() {
      const ills = await withOperatorKey(ownerUrl, environmentOf(worker), (key) => readIlls(isFirst, key));
      if (ills.length > 0) throw new Error(ills.join("; "));
      return "healthy";
    },
  };
}

function migrateStep({ ownerUrl, isDryRun }: Deployment): Step {
  return {
    name: "migrate",
    advice: "nothing was applied; mend the database, or restore it, and deploy again",
    async run() {
      const owner = await connectAsOwner(ownerUrl, "migrate");
      try {
        if (!isDryRun) return textOf("applied", (await migrate(owner, migrations)).applied);
        return textOf("would apply", (await readStanding(owner, migrations)).pending);
      } finally {
        await owner.end();
      }
    },
  };
}

function buildStep(): Step {
  return {
    name: "build",
    advice: "the Worker does not build from this tree; npm run types says more",
    async run() {
      await buildSite();
      const refusal = await runWrangler(["deploy", "--dry-run", "--outdir", join(root, "dist/worker")]);
      if (refusal !== undefined) throw new Error(refusal);
      return "dist/worker";
    },
  };
}

function deployStep({ worker, bridge, isDryRun }: Deployment): Step {
  const { host } = new URL(bridge["EDGE_URL"] ?? "");
  // A name of workers.dev comes by itself.
  const domain = host.endsWith(".workers.dev") ? [] : ["--domain", host];
  return {
    name: "deploy",
    advice: "what ran before runs on; sign in with npx wrangler login, or set CLOUDFLARE_API_TOKEN, and deploy again",
    async run() {
      if (worker["SQE_ENV"] === "rehearsal") return "not in a rehearsal: wrangler dev takes the new code by itself";
      if (isDryRun) return `would deploy to ${host}`;
      const refusal = await runWrangler(["deploy", ...domain]);
      if (refusal !== undefined) throw new Error(refusal);
      return `to ${host}`;
    },
  };
}

function smokeStep({ ownerUrl, worker, bridge, isDryRun }: Deployment): Step {
  const edge = (bridge["EDGE_URL"] ?? "").replace(/\/+$/, "");
  return {
    name: "smoke run",
    advice:
      'docs/deploy.md, "Going back", brings the version before back; the bridge\'s log and npm run doctor say more',
    async run() {
      if (isDryRun) return `would do a run at ${edge}`;
      await assertHealthy(edge);
      const owner = await connectAsOwner(ownerUrl, "do a smoke run");
      try {
        const place = await findPlace(owner, {});
        if (place === undefined)
          return "/healthz answers; no run, because no tenant is connected yet (npm run admin -- connect)";
        const wanted = { user: "smoke-test", name: "smoke test", minutes: 10 };
        const { id, key } = await makeKey(owner, environmentOf(worker), place, wanted);
        return await smokeRun(edge, key).finally(() => revokeKey(owner, id));
      } finally {
        await owner.end();
      }
    },
  };
}

function environmentOf(worker: Deployment["worker"]): EnvironmentName {
  return EnvironmentName.parse(worker["SQE_ENV"]);
}

/** Works with an operator's key that ends with the work; without one before there is a table for it. */
async function withOperatorKey<T>(
  ownerUrl: string | undefined,
  environment: EnvironmentName,
  work: (key: string | undefined) => Promise<T>,
): Promise<T> {
  const owner = await connectAsOwner(ownerUrl, "examine the installation");
  try {
    // Before its migration there is no such table, and the doctor says so itself.
    const made = await makeOperatorKey(owner, environment, "npm run deploy").catch(() => undefined);
    return await work(made?.key).finally(() => made && revokeOperatorKey(owner, made.id));
  } finally {
    await owner.end();
  }
}

function textOf(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${what} ${names.join(", ")}`;
}
