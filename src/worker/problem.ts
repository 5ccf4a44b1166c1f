import { problemCodes, type ProblemCode } from "#api/problem-codes.ts";
import { given } from "#lang/given.ts";
import type { Scope } from "#protocol/scope.ts";
import type { Diagnostic } from "#sql/guard.ts";

/** What a problem may add to its code. `retryAfter` is in seconds and is also sent as the header. */
export type ProblemFacts = {
  errors?: readonly { path: string; message: string }[];
  diagnostics?: readonly Diagnostic[];
  near?: readonly string[];
  /** A scope that the credential lacks. */
  missing?: Scope;
  status?: string;
  now?: number;
  retryAfter?: number;
  expiresAt?: string;
  /** Headers besides. */
  headers?: Readonly<Record<string, string>>;
};

/** Answers with an RFC 9457 problem. `detail` explains this one case. */
export function problem(code: ProblemCode, detail: string, facts: ProblemFacts = {}): Response {
  const [status, title] = problemCodes[code];
  const { status: runStatus, headers: more, ...rest } = facts;
  const type = `urn:sqe:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body = { type, title, status, detail, code, ...rest, ...given({ runStatus }) };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...more,
  };
  if (facts.retryAfter !== undefined) headers["retry-after"] = String(facts.retryAfter);
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(body), { status, headers });
}

/** Answers that there is no such run. It may be another user's, which the answer does not reveal. */
export function runNotFound(id: string): Response {
  return problem("RUN_NOT_FOUND", `You have no run "${id}"`);
}
