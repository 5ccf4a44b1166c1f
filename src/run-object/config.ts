import { z } from "zod";
import { readSettings, type Settings } from "#protocol/settings.ts";

const hourMs = 3_600_000;

const Variables = z.object({
  DATABASE_SYSTEM_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.url().optional(),
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  VAULT_KEYS: z.string().min(1),
  /** How long results live, in hours; a day if absent. */
  RESULT_HOURS: z.coerce.number().min(1).max(24).optional(),
});

/** The variables of a run object. */
export type ObjectConfig = z.infer<typeof Variables> & { settings: Settings };

/** Reads the bindings. @throws naming the variable that is missing or malformed */
export function readObjectConfig(bindings: Readonly<Record<string, unknown>>): ObjectConfig {
  const variables = Variables.parse(bindings);
  const { RESULT_HOURS: resultHours } = variables;
  const settings = readSettings(bindings);
  // The bridge's sweeper keeps to a day, so that it never deletes what an object still shows.
  const lives = resultHours === undefined ? {} : { resultTtlMs: resultHours * hourMs };
  return { ...variables, settings: { ...settings, ...lives } };
}
