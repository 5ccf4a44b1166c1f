import { given } from "#lang/given.ts";
import type { Diagnostic } from "#sql/guard.ts";

const problems = {
  INVALID_JSON: [400, "The body is not JSON"],
  UNAUTHENTICATED: [401, "Sign in first"],
  CLOCK_SKEW: [401, "The clocks differ too much"],
  FORBIDDEN: [403, "This token may not do that"],
  RUN_NOT_FOUND: [404, "There is no such run"],
  NOT_FOUND: [404, "There is nothing at this address"],
  RUN_NOT_READY: [409, "The run has no rows to read"],
  RESULT_EXPIRED: [410, "The rows have expired"],
  TOO_LARGE: [413, "The SQL is too long"],
  INVALID_BODY: [422, "The body does not have the right shape"],
  SQL_REJECTED: [422, "The SQL cannot be run"],
  IDEMPOTENCY_MISMATCH: [422, "This Idempotency-Key was used for another request"],
  PAGE_OUT_OF_RANGE: [422, "There is no such page"],
  RATE_LIMITED: [429, "Too many requests"],
  INTERNAL: [500, "Something went wrong here"],
  NOT_YET: [501, "This is not there yet"],
  MCE_ERROR: [502, "Marketing Cloud refused"],
  MCE_BUSY: [503, "Marketing Cloud is busy or out of reach"],
  UNAVAILABLE: [503, "A part of the service is out of reach"],
} as const;

export type ProblemCode = keyof typeof problems;

/** What a problem may tell beside its code; `retryAfter` is in seconds and becomes the header too. */
export type ProblemFacts = {
  errors?: readonly { path: string; message: string }[];
  diagnostics?: readonly Diagnostic[];
  status?: string;
  now?: number;
  retryAfter?: number;
  expiresAt?: string;
};

/** Answers with an RFC 9457 problem; `detail` says what happened in this very case. */
export function problem(code: ProblemCode, detail: string, facts: ProblemFacts = {}): Response {
  const [status, title] = problems[code];
  const { status: runStatus, ...rest } = facts;
  const type = `urn:sqe:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body = { type, title, status, detail, code, ...rest, ...given({ runStatus }) };
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (facts.retryAfter !== undefined) headers["retry-after"] = String(facts.retryAfter);
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(body), { status, headers });
}

/** Answers that there is no such run: none at all, or one of somebody else, which is not told. */
export function runNotFound(id: string): Response {
  return problem("RUN_NOT_FOUND", `There is no run "${id}" of yours`);
}
