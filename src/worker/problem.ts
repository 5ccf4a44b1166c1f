import { given } from "#lang/given.ts";
import type { Diagnostic } from "#sql/guard.ts";

const problems = {
  INVALID_JSON: [400, "The body is not JSON"],
  UNAUTHENTICATED: [401, "Sign in first"],
  CLOCK_SKEW: [401, "The clocks are too far apart"],
  FORBIDDEN: [403, "This token does not allow that"],
  RUN_NOT_FOUND: [404, "No such run"],
  NOT_FOUND: [404, "No such address"],
  RUN_NOT_READY: [409, "The run has no rows to read"],
  RESULT_EXPIRED: [410, "The rows have expired"],
  TOO_LARGE: [413, "The request is too large"],
  INVALID_BODY: [422, "The request is not valid"],
  SQL_REJECTED: [422, "The SQL cannot be run"],
  IDEMPOTENCY_MISMATCH: [422, "This Idempotency-Key was used for another request"],
  PAGE_OUT_OF_RANGE: [422, "No such page"],
  RATE_LIMITED: [429, "Too many requests"],
  INTERNAL: [500, "Something went wrong"],
  NOT_YET: [501, "This is not available yet"],
  MCE_ERROR: [502, "Marketing Cloud refused"],
  MCE_BUSY: [503, "Marketing Cloud is busy or unreachable"],
  UNAVAILABLE: [503, "Part of the service is unavailable"],
} as const;

export type ProblemCode = keyof typeof problems;

/** What a problem may add to its code. `retryAfter` is in seconds and is also sent as the header. */
export type ProblemFacts = {
  errors?: readonly { path: string; message: string }[];
  diagnostics?: readonly Diagnostic[];
  status?: string;
  now?: number;
  retryAfter?: number;
  expiresAt?: string;
};

/** Answers with an RFC 9457 problem. `detail` explains this one case. */
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

/** Answers that there is no such run. It may be another user's, which the answer does not reveal. */
export function runNotFound(id: string): Response {
  return problem("RUN_NOT_FOUND", `You have no run "${id}"`);
}
