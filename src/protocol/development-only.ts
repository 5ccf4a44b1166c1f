/** Variables that speed up, redirect or break a program. */
const developmentOnly = [
  "SQE_TIME_SCALE",
  "SQE_RUN_TIMEOUT_MS",
  "SQE_QUEUE_TIMEOUT_MS",
  "SQE_RESULT_TTL_MS",
  "SQE_HEARTBEAT_MS",
  "NEON_FETCH_ENDPOINT",
  "MCE_SANDBOX_URL",
  "SQE_FAIL_AT",
  "SQE_FAIL_ONCE_FILE",
] as const;

/** Finds a development variable in production. @returns what is wrong, with the name; undefined when nothing is */
export function strayVariableIn(variables: Readonly<Record<string, unknown>>): string | undefined {
  if (variables["SQE_ENV"] === "development") return undefined;
  const stray = developmentOnly.find((name) => variables[name] !== undefined);
  return stray && `${stray} is for development only, and SQE_ENV is production`;
}
