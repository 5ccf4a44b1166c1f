import type { SandboxOptions } from "../../sandbox/server.ts";
import type { NeonOfServerOptions } from "./neon-of-server.ts";
import type { UpstashOptions } from "./upstash.ts";

export type RehearsalPlan = { sandbox: SandboxOptions; neon: NeonOfServerOptions; upstash: UpstashOptions };

const postgresPort = 5432;

/**
 * Returns what each stand-in of a rehearsal needs. They listen at the addresses of the variables that point to them.
 *
 * @throws naming the variable that is missing or not usable, never its value
 */
export function standInsOf(variables: Readonly<Record<string, string | undefined>>): RehearsalPlan {
  const urlOf = (name: string) => {
    const url = URL.parse(variables[name] ?? "");
    if (url === null) throw new Error(`Cannot start the rehearsal: ${name} is missing or not a URL`);
    return url;
  };
  const portOf = (name: string) => Number(urlOf(name).port);
  const token = variables["UPSTASH_REDIS_REST_TOKEN"] ?? "";
  if (token === "") throw new Error("Cannot start the rehearsal: UPSTASH_REDIS_REST_TOKEN is missing");
  const { hostname, port } = urlOf("DATABASE_OWNER_URL");
  return {
    sandbox: { port: portOf("MCE_SANDBOX_URL") },
    neon: {
      port: portOf("NEON_FETCH_ENDPOINT"),
      server: { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? postgresPort : Number(port) },
    },
    upstash: { port: portOf("UPSTASH_REDIS_REST_URL"), redisUrl: urlOf("REDIS_URL").href, token },
  };
}
