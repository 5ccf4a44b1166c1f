import { given } from "#lang/given.ts";
import type { Diagnostic } from "./check-types.ts";

/** What a refusal says beside its code; every member may be absent. */
export type SqeErrorFacts = {
  /** Seconds to wait before asking again. */
  retryAfter?: number;
  /** What is wrong with the SQL, and where. */
  diagnostics?: readonly Diagnostic[];
  /** What is wrong with the request, member by member. */
  errors?: readonly { path: string; message: string }[];
  /** Names like the one that was not found. */
  near?: readonly string[];
  /** When the result ended, for RESULT_EXPIRED. */
  expiresAt?: string;
  /** The status of a run that has no rows to read. */
  runStatus?: string;
  /** The permission that is missing, for FORBIDDEN. */
  missing?: string;
};

/**
 * A call that was refused or got no answer. `code` is stable: decide by it. `status` is the HTTP status, and 0 when there
 * was no answer (code `UNREACHABLE`) or when a run ended without rows (the code of its error, or `CANCELED`).
 */
export class SqeError extends Error {
  override readonly name = "SqeError";
  readonly code: string;
  readonly status: number;
  /** What happened, in one or two sentences for a person. */
  readonly detail: string;
  declare readonly retryAfter?: number;
  declare readonly diagnostics?: readonly Diagnostic[];
  declare readonly errors?: readonly { path: string; message: string }[];
  declare readonly near?: readonly string[];
  declare readonly expiresAt?: string;
  declare readonly runStatus?: string;
  declare readonly missing?: string;

  constructor(code: string, status: number, detail: string, facts: SqeErrorFacts = {}, cause?: unknown) {
    super(detail, given({ cause }));
    this.code = code;
    this.status = status;
    this.detail = detail;
    Object.assign(this, facts);
  }
}
