import { z } from "zod";
import { given } from "#lang/given.ts";
import type { AppPackage } from "#db/connections.ts";
import { EnvironmentName, strayVariableIn } from "#protocol/development-only.ts";
import { readSettings, type Settings } from "#protocol/settings.ts";
import { limitsOf, LimitVariables, type Limits } from "./limits/limit-settings.ts";
import { FrameAncestors, Origins } from "./origins.ts";

const secret = z.string().min(16);
/** Where the run objects live: with a jurisdiction, an object's id differs from the id that its name has without (D35). */
const Jurisdiction = z.enum(["eu", "none"]).default("none");
/** The part of Marketing Cloud's hosts that is a tenant's own. */
const Subdomain = z.string().regex(/^[a-z0-9-]{1,63}$/, "is the part before .auth.marketingcloudapis.com");
const Variables = z.object({
  SQE_ENV: EnvironmentName,
  DATABASE_URL: z.string().min(1),
  DATABASE_SYSTEM_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.url().optional(),
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  VAULT_KEYS: z.string().min(1),
  /** In development only: who has the secret may be anybody. */
  JWT_SECRET: secret.optional(),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  BRIDGE_SECRET: secret,
  /** The secret before the last rotation; both are accepted until it is removed. */
  BRIDGE_SECRET_PREVIOUS: secret.optional(),
  RUN_ID_SECRET: secret,
  MCE_SANDBOX_URL: z.url().optional(),
  /** What the console of a development server signs in with. */
  SQE_SANDBOX_TOKEN: z.string().optional(),
  /** Calls to MCE in a minute per tenant and business unit; the same value as the bridges'. */
  MCE_CALLS_PER_MINUTE: z.coerce.number().min(10).default(300),
  /** The service's own package of Marketing Cloud, which people sign in with; without it only tenants' own do (D51). */
  MCE_APP_CLIENT_ID: z.string().min(1).optional(),
  MCE_APP_CLIENT_SECRET: z.string().min(1).optional(),
  /** Where people sign in who name no sub-domain. */
  SQE_SIGN_IN_SUBDOMAIN: Subdomain.optional(),
  /** `on`: every enterprise of Marketing Cloud may come in, without an invitation. */
  SQE_OPEN_SIGN_IN: z.enum(["on", "off"]).default("off"),
  SQE_JURISDICTION: Jurisdiction,
  /** Whose pages may call the API, and frame ours (D57). */
  SQE_ALLOWED_ORIGINS: Origins.default([]),
  SQE_FRAME_ANCESTORS: FrameAncestors.default([]),
  /** Read by the run objects. */
  RESULT_HOURS: z.coerce.number().min(1).max(24).optional(),
  /** How many days Postgres keeps a run that is over; 0: for ever. The object itself lives for two days after the end (D31). */
  SQE_RUNS_KEPT_DAYS: z.coerce
    .number()
    .int()
    .refine((days) => days === 0 || days >= 3, "0, or at least 3")
    .default(90),
  ...LimitVariables.shape,
});

type DevelopmentNames = "JWT_SECRET" | "JWT_ISSUER" | "JWT_AUDIENCE";

export type Config = Omit<z.infer<typeof Variables>, keyof typeof LimitVariables.shape | DevelopmentNames> & {
  /** What tokens of the development secret are checked with; absent outside development, where none counts. */
  development?: { secret: string; issuer: string; audience: string };
  limits: Limits;
  settings: Settings;
};

/** Thrown for unusable variables. `problems` has one line for each and never a value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot start: ${problems.join("; ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Reads the Worker's variables and secrets.
 *
 * @throws ConfigError when one is missing or malformed, or when production has one that is for development only
 */
export function readConfig(bindings: Readonly<Record<string, unknown>>): Config {
  const parsed = Variables.safeParse(bindings);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => problemOf(issue, bindings)));
  const stray = strayVariableIn(bindings);
  if (stray !== undefined) throw new ConfigError([stray]);
  const { JWT_SECRET: jwtSecret, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, ...variables } = parsed.data;
  const limits = limitsOf(variables, variables.SQE_ENV === "development");
  const development = developmentOf(variables.SQE_ENV, { secret: jwtSecret, issuer, audience });
  return { ...variables, limits, settings: readSettings(bindings), ...given({ development }) };
}

function developmentOf(
  name: EnvironmentName,
  { secret: jwtSecret, issuer, audience }: Record<"secret" | "issuer" | "audience", string | undefined>,
): Config["development"] {
  if (name !== "development") return undefined;
  if (jwtSecret !== undefined && issuer !== undefined && audience !== undefined)
    return { secret: jwtSecret, issuer, audience };
  throw new ConfigError(["JWT_SECRET, JWT_ISSUER or JWT_AUDIENCE is missing, which development needs"]);
}

/** The service's own package of Marketing Cloud; undefined when only one half of it is set. */
export function appPackageOf({
  MCE_APP_CLIENT_ID: clientId,
  MCE_APP_CLIENT_SECRET: clientSecret,
}: Config): AppPackage | undefined {
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

/**
 * Reads where the run objects of this Worker live. Outside of Cloudflare there is one place only: workerd (1.20261102) says
 * of jurisdictions that they "are not implemented".
 *
 * @throws when it is no jurisdiction
 */
export function readPlace(bindings: Readonly<Record<string, unknown>>): z.infer<typeof Jurisdiction> {
  const jurisdiction = Jurisdiction.parse(bindings["SQE_JURISDICTION"]);
  return EnvironmentName.parse(bindings["SQE_ENV"]) === "production" ? jurisdiction : "none";
}

function problemOf({ path, message }: z.core.$ZodIssue, bindings: Readonly<Record<string, unknown>>): string {
  const name = path.join(".");
  return bindings[name] === undefined ? `${name} is missing` : `${name} is not usable: ${message}`;
}
