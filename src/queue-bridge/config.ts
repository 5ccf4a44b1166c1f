import { given } from "#lang/given.ts";
import { z } from "zod";
import type { AppPackage } from "#db/connections.ts";
import type { DatabaseAddress } from "#db/database.ts";
import { EnvironmentName, strayVariableIn } from "#protocol/development-only.ts";
import { readSettings, type Settings } from "#protocol/settings.ts";
import { HttpVariables, type HttpAddress } from "./http-address.ts";

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//);
const Variables = z.object({
  SQE_ENV: EnvironmentName,
  /** Where the Worker answers, without a trailing slash. */
  EDGE_URL: z.url(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** The newest secret first; the bridge signs with that one. */
  BRIDGE_SECRET: z.string().min(16),
  /** As sqe_app. */
  DATABASE_URL: postgresUrl,
  /** As sqe_sweeper, which may only list the business units of all tenants. */
  DATABASE_SWEEPER_URL: postgresUrl,
  VAULT_KEYS: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.url().optional(),
  /** The service's own package, as the Worker has it. */
  MCE_APP_CLIENT_ID: z.string().min(1).optional(),
  MCE_APP_CLIENT_SECRET: z.string().min(1).optional(),
  MCE_SANDBOX_URL: z.url().optional(),
  /** Calls to MCE per tenant and business unit, over all bridges and the edge. */
  MCE_CALLS_PER_MINUTE: z.coerce.number().min(10).default(300),
  /** Files of probes (D49), separated by commas. */
  MCE_CAPABILITIES_FILE: z.string().min(1).optional(),
  /** Runs that one bridge works on at once (D11); any number may wait in Redis. */
  BRIDGE_CONCURRENCY: z.coerce.number().int().positive().default(300),
  SQE_FAIL_AT: z.string().min(1).optional(),
  SQE_FAIL_ONCE_FILE: z.string().min(1).optional(),
  /** How long after a stop signal work in flight may finish: a Perform has 30 s (D15), and then must be reported. */
  SQE_GRACE_MS: z.coerce.number().positive().default(45_000),
  ...HttpVariables.shape,
});

/** Everything the bridge reads from its environment, once. */
export type BridgeConfig = {
  edgeUrl: string;
  redisUrl: string;
  secret: string;
  database: DatabaseAddress;
  sweeperDatabase: DatabaseAddress;
  vaultKeys: string;
  /** What people have signed in with who use no package of their tenant's. */
  appPackage?: AppPackage;
  /** Development only: the address of the sandbox that answers for MCE. */
  sandboxUrl?: string;
  failPoint?: { name: string; onceFile?: string };
  callsPerMinute: number;
  /** Files with what probes found of business units. */
  capabilitiesFiles: readonly string[];
  /** Runs worked on at once. */
  concurrency: number;
  graceMs: number;
  /** Where it answers /metrics, /livez and /readyz. */
  http: HttpAddress;
  settings: Settings;
};

/** Lists what is wrong with an environment, a line for each variable, with its name and never its value. */
export function findProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const { error } = Variables.safeParse(environment);
  const stray = strayVariableIn(environment);
  const problems = (error?.issues ?? []).map(({ path }) => `${path.join(".")} is missing or malformed`);
  return stray === undefined ? problems : [...problems, stray];
}

/**
 * Reads the environment.
 *
 * @throws naming the variable that is missing or malformed, never its value; and when a development variable is set in
 *   production
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): BridgeConfig {
  const [problem] = findProblems(environment);
  if (problem !== undefined) throw new Error(`Cannot start the bridge: ${problem}`);
  const variables = Variables.parse(environment);
  const { SQE_FAIL_AT: failAt, SQE_FAIL_ONCE_FILE: onceFile } = variables;
  const { MCE_APP_CLIENT_ID: clientId, MCE_APP_CLIENT_SECRET: clientSecret } = variables;
  const endpoint = given({ fetchEndpoint: variables.NEON_FETCH_ENDPOINT });
  return {
    edgeUrl: variables.EDGE_URL.replace(/\/+$/, ""),
    redisUrl: variables.REDIS_URL,
    secret: variables.BRIDGE_SECRET.split(",")[0] ?? variables.BRIDGE_SECRET,
    database: { url: variables.DATABASE_URL, ...endpoint },
    sweeperDatabase: { url: variables.DATABASE_SWEEPER_URL, ...endpoint },
    vaultKeys: variables.VAULT_KEYS,
    ...given({
      appPackage: clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret },
      sandboxUrl: variables.MCE_SANDBOX_URL?.replace(/\/+$/, ""),
      failPoint: failAt === undefined ? undefined : { name: failAt, ...given({ onceFile }) },
    }),
    callsPerMinute: variables.MCE_CALLS_PER_MINUTE,
    capabilitiesFiles: (variables.MCE_CAPABILITIES_FILE ?? "").split(",").flatMap((path) => path.trim() || []),
    concurrency: variables.BRIDGE_CONCURRENCY,
    graceMs: variables.SQE_GRACE_MS,
    http: { host: variables.BRIDGE_HTTP_HOST, port: variables.BRIDGE_HTTP_PORT },
    settings: readSettings(environment),
  };
}
