import type { Diagnostic } from "#client/check-types.ts";
import type { ResultPage } from "#client/result-page.ts";
import type { RunState, Target } from "#client/run-state.ts";
import type { SqeError } from "#client/sqe-error.ts";
import type { Link } from "#client/watch.ts";

/** A target, with the name people know it by. */
type NamedTarget = Target & { name: string };

/** What a refused call says, without its stack. */
export type Refusal = {
  code: string;
  status: number;
  detail: string;
  diagnostics?: readonly Diagnostic[];
  expiresAt?: string;
};

/** Why a call is asked again, and when: epoch milliseconds. `busy`: the engine has said so; else it does not answer. */
export type Retry = { until: number; isBusy: boolean; detail: string };

/** Which rows are shown, and in which order. */
export type Asked = { page: number; sort?: string; desc?: boolean; find?: string };

/** What was asked for: `line` and `column` are where the text begins in the editor, from 0. */
export type Request = {
  sql: string;
  line: number;
  column: number;
  isSelection: boolean;
  total?: boolean;
  target?: NamedTarget;
};

/** The life of one run in a tab, from the key that was pressed to its rows. */
export type Job = {
  /** Absent for a run that was opened by its address. */
  request?: Request;
  /** Epoch milliseconds of this machine's clock. */
  sentAt: number;
  endedAt?: number;
  /** Not accepted yet; the client asks again by itself. */
  retry?: Retry | undefined;
  refusal?: Refusal;
  run?: RunState;
  /** Where in a text the run has failed. */
  failure?: { sql: string; remark: Diagnostic };
  link?: Link;
  isStopping?: boolean;
  asked: Asked;
  page?: ResultPage | undefined;
  isPageLoading?: boolean;
  pageRefusal?: Refusal | undefined;
  /** Somebody has ended the result here. */
  isDiscarded?: boolean;
};

/** What an error of the client says. */
export function refusalOf({ code, status, detail, diagnostics, expiresAt }: SqeError): Refusal {
  return {
    code,
    status,
    detail,
    ...(diagnostics !== undefined && { diagnostics }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Whether something still happens by itself. */
export function isLive({ refusal, run }: Job): boolean {
  if (refusal !== undefined) return false;
  return run === undefined || run.status === "queued" || run.status === "running";
}
