import { z } from "zod";
import { readSettings, type Settings } from "#protocol/settings.ts";

const Variables = z.object({
  DATABASE_SYSTEM_URL: z.string().min(1),
  NEON_FETCH_ENDPOINT: z.url().optional(),
  UPSTASH_REDIS_REST_URL: z.url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  VAULT_KEYS: z.string().min(1),
});

/** The variables of a run object. */
export type ObjectConfig = z.infer<typeof Variables> & { settings: Settings };

/** Reads the bindings. @throws naming the variable that is missing or malformed */
export function readObjectConfig(bindings: Readonly<Record<string, unknown>>): ObjectConfig {
  return { ...Variables.parse(bindings), settings: readSettings(bindings) };
}
