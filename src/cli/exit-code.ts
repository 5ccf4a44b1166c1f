import type { RunState } from "#client/run-state.ts";
import { SqeError } from "#client/sqe-error.ts";

/** What the exit codes of `sqe` mean; docs/client.md has the same table. */
export const exitCodes = {
  ok: 0,
  other: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  refused: 5,
  busy: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command that needs a person who has signed in, and has none. */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
}

/** The end of a command that has said what there is to say. */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

const byCode: Readonly<Record<string, ExitCode>> = {
  // Of a run.
  REAUTH_REQUIRED: exitCodes.notAllowed,
  TARGET_NOT_FOUND: exitCodes.notFound,
  QUERY_FAILED: exitCodes.refused,
  TARGET_MISMATCH: exitCodes.refused,
  TIMEOUT: exitCodes.busy,
  QUEUE_TIMEOUT: exitCodes.busy,
  MCE_UNAVAILABLE: exitCodes.busy,
  // Of a call.
  SQL_REJECTED: exitCodes.refused,
  NOT_READABLE: exitCodes.refused,
  NOT_SORTABLE: exitCodes.refused,
  RUN_NOT_READY: exitCodes.refused,
  PAGE_OUT_OF_RANGE: exitCodes.notFound,
  // Denied, or nobody confirmed it in time.
  HANDOFF_OVER: exitCodes.notAllowed,
  INVALID_BODY: exitCodes.usage,
  TOO_LARGE: exitCodes.usage,
  MCE_ERROR: exitCodes.refused,
  UNREACHABLE: exitCodes.busy,
};

const byStatus: Readonly<Record<number, ExitCode>> = {
  401: exitCodes.notAllowed,
  403: exitCodes.notAllowed,
  404: exitCodes.notFound,
  410: exitCodes.notFound,
  429: exitCodes.busy,
  502: exitCodes.busy,
  503: exitCodes.busy,
  504: exitCodes.busy,
};

/** The exit code of an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Exit) return error.exitCode;
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof NotSignedIn) return exitCodes.notAllowed;
  if (!(error instanceof SqeError)) return exitCodes.other;
  return byCode[error.code] ?? byStatus[error.status] ?? exitCodes.other;
}

/** The exit code of a run that is over. */
export function exitCodeOfRun({ status, error }: Pick<RunState, "status" | "error">): ExitCode {
  if (status === "ready") return exitCodes.ok;
  return (error && byCode[error.code]) ?? exitCodes.other;
}
