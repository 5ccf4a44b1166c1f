import { randomBytes } from "node:crypto";
import { accounts } from "../../sandbox/accounts.ts";
import { stackIdVariable } from "./process-table.ts";
import { jwtAudience, jwtIssuer } from "./tokens.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the parts of a stack listen; all on 127.0.0.1. */
export type Addresses = {
  edge: string;
  /** What answers as Marketing Cloud; absent: a real one does. */
  sandbox?: string;
  postgres: string;
  upstash: string;
  redis: string;
};

/** The secrets of one stack; new for every stack. */
export type Secrets = {
  stackId: string;
  jwt: string;
  bridge: string;
  runId: string;
  vaultKeys: string;
  upstashToken: string;
  /** Passwords by Postgres user. */
  users: { sqe_app: string; sqe_system: string; sqe_sweeper: string; postgres: string };
};

/** Returns new secrets for a stack. */
export function drawSecrets(): Secrets {
  const draw = () => randomBytes(32).toString("base64url");
  return {
    stackId: randomBytes(16).toString("hex"),
    jwt: draw(),
    bridge: draw(),
    runId: draw(),
    vaultKeys: `kid1:${randomBytes(32).toString("base64")}`,
    upstashToken: draw(),
    users: { sqe_app: draw(), sqe_system: draw(), sqe_sweeper: draw(), postgres: draw() },
  };
}

/** Returns the postgres:// URL of one of the stack's users. */
export function databaseUrl(user: keyof Secrets["users"], addresses: Addresses, secrets: Secrets): string {
  return `postgres://${user}:${secrets.users[user]}@${new URL(addresses.postgres).host}/postgres`;
}

/** What every part inherits; nothing else of the caller's environment reaches the stack. */
export function baseEnvironment(caller: Variables, stackId: string): Record<string, string> {
  const inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CI"].flatMap((name) => entry(caller, name));
  return { ...Object.fromEntries(inherited), [stackIdVariable]: stackId, NO_COLOR: "1", FORCE_COLOR: "0" };
}

/** The caller's settings of engine and sandbox, such as SQE_TIME_SCALE, without those of the stack itself. */
export function settingsOf(caller: Variables): Record<string, string> {
  const names = Object.keys(caller).filter((name) => /^SQE_(?!DEV_|ENV$)|^SANDBOX_/.test(name));
  return Object.fromEntries(names.flatMap((name) => entry(caller, name)));
}

/** The sandbox's package that people of both enterprises sign in with, and where they do. */
function signInVariables({ sandbox }: Addresses): Record<string, string> {
  if (sandbox === undefined) return {};
  return { MCE_APP_CLIENT_ID: "sandbox-app", MCE_APP_CLIENT_SECRET: "sandbox-app-secret" };
}

/**
 * Variables and secrets of the Worker.
 *
 * @param sandboxToken what its console signs in with; absent on a real tenant
 */
export function workerEnvironment(
  caller: Variables,
  addresses: Addresses,
  secrets: Secrets,
  sandboxToken?: string,
): Record<string, string> {
  return {
    ...settingsOf(caller),
    ...Object.fromEntries(entry(caller, "MCE_CALLS_PER_MINUTE")),
    SQE_ENV: "development",
    DATABASE_URL: databaseUrl("sqe_app", addresses, secrets),
    DATABASE_SYSTEM_URL: databaseUrl("sqe_system", addresses, secrets),
    NEON_FETCH_ENDPOINT: `${addresses.postgres}/sql`,
    UPSTASH_REDIS_REST_URL: addresses.upstash,
    UPSTASH_REDIS_REST_TOKEN: secrets.upstashToken,
    JWT_SECRET: secrets.jwt,
    JWT_ISSUER: jwtIssuer,
    JWT_AUDIENCE: jwtAudience,
    BRIDGE_SECRET: secrets.bridge,
    RUN_ID_SECRET: secrets.runId,
    ...(addresses.sandbox === undefined ? {} : { SQE_SIGN_IN_SUBDOMAIN: accounts[0]?.subdomain ?? "" }),
    VAULT_KEYS: secrets.vaultKeys,
    ...signInVariables(addresses),
    ...Object.fromEntries(entry({ MCE_SANDBOX_URL: addresses.sandbox }, "MCE_SANDBOX_URL")),
    ...Object.fromEntries(entry({ SQE_SANDBOX_TOKEN: sandboxToken }, "SQE_SANDBOX_TOKEN")),
  };
}

// Not the usual 25 s: the next local bridge continues the work anyway.
const bridgeGraceMs = "1000";

/** The bridge's environment. */
export function bridgeEnvironment(caller: Variables, addresses: Addresses, secrets: Secrets): Record<string, string> {
  const settings = ["MCE_CALLS_PER_MINUTE", "MCE_CAPABILITIES_FILE", "BRIDGE_CONCURRENCY", "BRIDGE_HTTP_PORT"];
  return {
    SQE_GRACE_MS: bridgeGraceMs,
    // Any free one, because there may be several bridges; the log says which.
    BRIDGE_HTTP_PORT: "0",
    ...settingsOf(caller),
    ...Object.fromEntries(settings.flatMap((name) => entry(caller, name))),
    SQE_ENV: "development",
    EDGE_URL: addresses.edge,
    REDIS_URL: addresses.redis,
    BRIDGE_SECRET: secrets.bridge,
    DATABASE_URL: databaseUrl("sqe_app", addresses, secrets),
    DATABASE_SWEEPER_URL: databaseUrl("sqe_sweeper", addresses, secrets),
    NEON_FETCH_ENDPOINT: `${addresses.postgres}/sql`,
    VAULT_KEYS: secrets.vaultKeys,
    ...signInVariables(addresses),
    ...Object.fromEntries(entry({ MCE_SANDBOX_URL: addresses.sandbox }, "MCE_SANDBOX_URL")),
  };
}

function entry(variables: Variables, name: string): [string, string][] {
  const value = variables[name];
  return value === undefined ? [] : [[name, value]];
}
