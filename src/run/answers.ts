import type { ResultHandle } from "#protocol/transition.ts";
import type { Column } from "#protocol/column.ts";
import type { GrantAnswer, RunSpec } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import type { Why } from "./step.ts";
import type { FlowName, Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Traceparent } from "#protocol/traceparent.ts";
import type { RunView } from "./view.ts";

/** The run that the Worker asks an object to open. */
export type OpenRequest = {
  id: RunId;
  tenancy: Tenancy;
  flow: FlowName;
  sql: string;
  /** Where the SELECT has parameters' values. */
  filled?: RunSpec["filled"];
  snippetName?: string;
  target?: Target;
  total?: true;
  notes: readonly string[];
  /** The trace of the request that opens the run. */
  traceparent?: Traceparent;
  /** Hash of the request; a repeated Idempotency-Key must come with the same one. */
  bodyHash: string;
  /** It has one of the places that its user has for active runs. */
  isCounted?: true;
};

export type OpenAnswer = { kind: "opened" | "known"; view: RunView } | { kind: "mismatch" };

/** What the Worker needs to read a page of a run's rows. */
export type ResultAnswer =
  | {
      kind: "readable";
      status: "ready";
      tenancy: Tenancy;
      columns: readonly Column[];
      result: ResultHandle;
      expiresAt: number;
      rowCount?: number;
      truncated?: boolean;
    }
  | { kind: "not-ready"; status: RunStatus }
  | { kind: "expired"; expiresAt: number; target?: Target };

/** The object's answer to a transition: the run's status, and the last sequence number it has. */
export type ApplyAnswer =
  | { kind: "accepted"; status: RunStatus; version: number; seq: number }
  | { kind: "refused"; why: Why; status: RunStatus; seq: number };

export type AliveAnswer = { kind: "heard" | "stale-epoch"; status: RunStatus };

export type GrantReply = { kind: "answered"; grant: GrantAnswer } | { kind: "stale-epoch"; status: RunStatus };
