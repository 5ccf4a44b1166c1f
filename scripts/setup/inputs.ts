/** Texts by name of variable, such as the environment. */
export type Values = Readonly<Record<string, string | undefined>>;

/** What only the operator knows, each with the place where it is found. */
const required = {
  DATABASE_OWNER_URL:
    "the database's address as its owner. Neon: Dashboard, Connect, with connection pooling off; else postgres://owner:password@host:5432/database",
  REDIS_URL: "the address of Redis over TCP. Upstash: Details, Connect, TCP (rediss://…)",
  UPSTASH_REDIS_REST_URL: "the address of the same Redis over HTTPS. Upstash: Details, Connect, REST",
  UPSTASH_REDIS_REST_TOKEN: "the token of that address. Upstash: Details, Connect, REST (not the read-only one)",
  EDGE_URL: "where the Worker answers: your domain, or https://<name>.<account>.workers.dev",
} as const;

/** What a rehearsal needs besides: where its stand-ins answer. */
const requiredInRehearsal = {
  NEON_FETCH_ENDPOINT: "where the stand-in for Neon answers, such as http://127.0.0.1:8789/sql",
  MCE_SANDBOX_URL: "where the stand-in for Marketing Cloud answers, such as http://127.0.0.1:8788",
} as const;

/** Settings that each program takes when they are given; `npm run setup` passes them on. */
const settings = {
  worker: [
    "SQE_ENV",
    "MCE_CALLS_PER_MINUTE",
    "SQE_LIMITS",
    "RUNS_PER_MINUTE",
    "CHECKS_PER_MINUTE",
    "VALIDATIONS_PER_MINUTE",
    "SIGN_INS_PER_MINUTE",
    "HANDOFFS_PER_MINUTE",
    "ACTIVE_RUNS_PER_USER",
    "STREAMS_PER_USER",
    "RESULT_HOURS",
    "SQE_JURISDICTION",
    "SQE_RUNS_KEPT_DAYS",
    "SQE_ALLOWED_ORIGINS",
    "SQE_FRAME_ANCESTORS",
    "MCE_APP_CLIENT_ID",
    "MCE_APP_CLIENT_SECRET",
    "SQE_SIGN_IN_SUBDOMAIN",
    "SQE_OPEN_SIGN_IN",
  ],
  bridge: [
    "SQE_ENV",
    "MCE_CALLS_PER_MINUTE",
    "MCE_APP_CLIENT_ID",
    "MCE_APP_CLIENT_SECRET",
    "MCE_CAPABILITIES_FILE",
    "BRIDGE_CONCURRENCY",
    "BRIDGE_HTTP_HOST",
    "BRIDGE_HTTP_PORT",
    "SQE_GRACE_MS",
    // Not the bridge's: for the Redis that compose.yaml may start beside it.
    "REDIS_PASSWORD",
  ],
} as const;

/** What the operator gives. */
export type Inputs = {
  ownerUrl: string;
  isRehearsal: boolean;
  /** Variables of each program that the operator gives. */
  worker: Readonly<Record<string, string>>;
  bridge: Readonly<Record<string, string>>;
};

/**
 * Reads what the operator gives, now or at an earlier set-up.
 *
 * @param given the environment; an empty text takes an earlier value away
 * @param known what the earlier set-up wrote
 * @throws with one line for each variable that is missing, which says where to get it
 */
export function readInputs(given: Values, known: Values): Inputs {
  const valueOf = (name: string) => (given[name] ?? known[name]) || undefined;
  const isRehearsal = valueOf("SQE_ENV") === "rehearsal";
  const needed = { ...required, ...(isRehearsal ? requiredInRehearsal : {}) };
  const missing = Object.entries(needed).filter(([name]) => valueOf(name) === undefined);
  if (missing.length > 0) {
    const lines = missing.map(([name, where]) => `  ${name}  ${where}`);
    throw new Error(["Cannot set up: put these into operator.env, or export them", ...lines].join("\n"));
  }
  const pick = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = valueOf(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const standIns = isRehearsal ? Object.keys(requiredInRehearsal) : [];
  return {
    ownerUrl: valueOf("DATABASE_OWNER_URL") ?? "",
    isRehearsal,
    worker: pick(["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN", ...standIns, ...settings.worker]),
    bridge: pick(["EDGE_URL", "REDIS_URL", ...standIns, ...settings.bridge]),
  };
}
