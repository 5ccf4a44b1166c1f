import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  baseEnvironment,
  bridgeEnvironment,
  settingsOf,
  type Addresses,
  type Secrets,
  type Variables,
} from "./environment.ts";
import { saysReady, type Part } from "./part.ts";
import type { SeedTenant } from "./seed.ts";
import { wranglerProgram } from "../../scripts/wrangler.ts";
import { redisAnswers, redisWords } from "../stand-ins/redis.ts";

/** The project's root folder. */
const root = fileURLToPath(new URL("../..", import.meta.url));

/** By which addresses the two programs of the engine reach the other parts. */
export type Ways = { edge: Addresses; bridge: Addresses };

export type Plan = {
  dir: string;
  caller: Variables;
  /** Where the parts listen. */
  addresses: Addresses;
  ways: Ways;
  secrets: Secrets;
  /** Works on this tenant instead of the sandbox's. */
  tenant?: SeedTenant | undefined;
};

/** A Redis of our own. It keeps nothing when it ends, which the engine must survive. */
export function redisPart(plan: Plan, program: string): Part {
  const port = portOf(plan.addresses.redis);
  return {
    name: "redis",
    program,
    words: redisWords(port, join(plan.dir, "redis")),
    env: baseEnvironment(plan.caller, plan.secrets.stackId),
    hasChannel: false,
    isReady: (child) => redisAnswers(port, child),
  };
}

/** Postgres behind Neon's protocol. */
export function postgresPart(plan: Plan): Part {
  return nodePart(plan, "postgres", "dev/stand-ins/postgres-process.ts", {
    PORT: String(portOf(plan.addresses.postgres)),
    DATA_DIR: join(plan.dir, "postgres"),
    NEON_USERS: JSON.stringify(plan.secrets.users),
    VAULT_KEYS: plan.secrets.vaultKeys,
    // An environment, unlike a command line or a file, is only its user's, and ends with the process.
    ...(plan.tenant === undefined ? {} : { OWN_TENANT: JSON.stringify(plan.tenant) }),
  });
}

/** Upstash's protocol over the Redis. */
export function upstashPart(plan: Plan): Part {
  return nodePart(plan, "upstash", "dev/stand-ins/upstash-process.ts", {
    PORT: String(portOf(plan.addresses.upstash)),
    REDIS_URL: plan.addresses.redis,
    UPSTASH_REDIS_REST_TOKEN: plan.secrets.upstashToken,
  });
}

/** The sandbox, our stand-in for Marketing Cloud. */
export function sandboxPart(plan: Plan, url: string): Part {
  const env = { ...settingsOf(plan.caller), PORT: String(portOf(url)) };
  return nodePart(plan, "sandbox", "sandbox/main.ts", env);
}

/** The consumer of runs. */
export function bridgePart(plan: Plan): Part {
  return nodePart(
    plan,
    "bridge",
    "src/queue-bridge/main.ts",
    bridgeEnvironment(plan.caller, plan.ways.bridge, plan.secrets),
  );
}

/** The Worker under `wrangler dev`; its variables come from a file, so that `ps` shows no secret. */
export function edgePart(plan: Plan, envFile: string): Part {
  const state = join(plan.dir, "edge");
  const inspectorPort = plan.caller["SQE_DEV_INSPECTOR_PORT"] ?? "0";
  const port = String(portOf(plan.addresses.edge));
  const address = ["--ip", "127.0.0.1", "--port", port, "--inspector-port", inspectorPort];
  const files = [
    "--config",
    join(root, "wrangler.toml"),
    "--persist-to",
    join(state, "storage"),
    "--env-file",
    envFile,
  ];
  // With `log` also what the Worker logs, and each request; usually that is too much to read.
  const level = plan.caller["SQE_DEV_EDGE_LOG"] ?? "warn";
  const wranglerOptions = [...address, ...files, "--log-level", level, "--show-interactive-dev-session=false"];
  return {
    name: "edge",
    program: process.execPath,
    words: ["--no-warnings", wranglerProgram, "dev", ...wranglerOptions],
    env: {
      ...baseEnvironment(plan.caller, plan.secrets.stackId),
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_REGISTRY_PATH: join(state, "registry"),
      WRANGLER_LOG_PATH: join(plan.dir, "logs", "wrangler"),
      XDG_CONFIG_HOME: join(state, "config"),
      // Would store request URLs and the objects' SQL beside the state.
      X_LOCAL_OBSERVABILITY: "false",
    },
    hasChannel: true,
    isReady: saysReady("DEV_SERVER_READY"),
    // wrangler then waits for a change of the source.
    hopeless: /Build failed/,
  };
}

function nodePart(plan: Plan, name: string, program: string, env: Readonly<Record<string, string>>): Part {
  return {
    name,
    program: process.execPath,
    words: ["--no-warnings", join(root, program)],
    env: { ...baseEnvironment(plan.caller, plan.secrets.stackId), ...env },
    hasChannel: true,
    isReady: saysReady("READY"),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
