import { z } from "zod";

/**
 * What a program runs for: `rehearsal` is production on one machine, where stand-ins for Neon and Marketing Cloud may
 * answer on the loopback.
 */
export const EnvironmentName = z.enum(["development", "rehearsal", "production"]).default("production");
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** Addresses of stand-ins, which a rehearsal may have, too. */
const standIns = ["NEON_FETCH_ENDPOINT", "MCE_SANDBOX_URL"] as const;

/** Variables that speed up, redirect or break a program. */
const developmentOnly = [
  "SQE_TIME_SCALE",
  "SQE_RUN_TIMEOUT_MS",
  "SQE_QUEUE_TIMEOUT_MS",
  "SQE_RESULT_TTL_MS",
  "SQE_HEARTBEAT_MS",
  "SQE_FAIL_AT",
  "SQE_FAIL_ONCE_FILE",
  "SQE_SANDBOX_TOKEN",
] as const;

/** All variables that production refuses. */
export const developmentVariables: readonly string[] = [...standIns, ...developmentOnly];

/**
 * Finds a development variable where it must not be: any in production, one that is not the loopback address of a stand-in
 * in a rehearsal.
 *
 * @returns what is wrong, with the name and never the value; undefined when nothing is
 */
export function strayVariableIn(variables: Readonly<Record<string, unknown>>): string | undefined {
  const name = EnvironmentName.parse(variables["SQE_ENV"]);
  if (name === "development") return undefined;
  const isSet = (variable: string) => variables[variable] !== undefined;
  const stray = developmentOnly.find(isSet) ?? (name === "rehearsal" ? undefined : standIns.find(isSet));
  if (stray !== undefined) return `${stray} is for development only, and SQE_ENV is ${name}`;
  const remote = standIns.find((variable) => isSet(variable) && !isLoopback(variables[variable]));
  return remote && `${remote} may only point to this machine's loopback, because SQE_ENV is rehearsal`;
}

function isLoopback(value: unknown): boolean {
  const host = typeof value === "string" ? (URL.parse(value)?.hostname ?? "") : "";
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
