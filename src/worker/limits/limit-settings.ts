import { z } from "zod";

const positive = z.coerce.number().int().positive();

/** What users may do, as variables of the Worker (D59). */
export const LimitVariables = z.object({
  SQE_LIMITS: z.enum(["on", "off"]).optional(),
  // What the ratelimits of wrangler.toml allow in a minute: a binding does not tell its number.
  RUNS_PER_MINUTE: positive.default(60),
  CHECKS_PER_MINUTE: positive.default(240),
  VALIDATIONS_PER_MINUTE: positive.default(20),
  SIGN_INS_PER_MINUTE: positive.default(60),
  HANDOFFS_PER_MINUTE: positive.default(20),
  ACTIVE_RUNS_PER_USER: positive.default(10),
  STREAMS_PER_USER: positive.default(20),
});

/** The limits in force; null: without limit. */
export type Limits = Record<
  | "runsPerMinute"
  | "checksPerMinute"
  | "validationsPerMinute"
  | "signInsPerMinute"
  | "handoffsPerMinute"
  | "activeRunsPerUser"
  | "streamsPerUser",
  number | null
>;

/** The limits that the variables say: none in development, unless they are turned on. */
export function limitsOf(variables: z.infer<typeof LimitVariables>, isDevelopment: boolean): Limits {
  const { SQE_LIMITS: wanted } = variables;
  const isLimited = wanted === undefined ? !isDevelopment : wanted === "on";
  const limit = (number: number) => (isLimited ? number : null);
  return {
    runsPerMinute: limit(variables.RUNS_PER_MINUTE),
    checksPerMinute: limit(variables.CHECKS_PER_MINUTE),
    validationsPerMinute: limit(variables.VALIDATIONS_PER_MINUTE),
    signInsPerMinute: limit(variables.SIGN_INS_PER_MINUTE),
    handoffsPerMinute: limit(variables.HANDOFFS_PER_MINUTE),
    activeRunsPerUser: limit(variables.ACTIVE_RUNS_PER_USER),
    streamsPerUser: limit(variables.STREAMS_PER_USER),
  };
}
