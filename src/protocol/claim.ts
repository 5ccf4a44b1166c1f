import { z } from "zod";
import { Column } from "./column.ts";
import { RunId } from "./ids.ts";
import { LedgerEntry } from "./ledger-note.ts";
import { readable } from "./readable.ts";
import { Grant } from "./grant.ts";
import { RunStatus } from "./run-status.ts";
import { FlowName, Target } from "./target.ts";
import { Tenancy } from "./tenancy.ts";

/**
 * `POST /bridge/runs/{id}/claim`: one start of the processor. The same claimId gets the same answer again. `delivery` is
 * the job's (D7): the job of a superfluous delivery gets no task, and takes the run from no other bridge.
 */
export const ClaimRequest = z.object({ claimId: z.uuid(), delivery: z.int().positive().optional() });
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** What the bridge has to do: the run itself, only its clean-up (D6), or nothing. */
const Task = z.enum(["run", "cleanup", "none"]);
export type Task = z.infer<typeof Task>;

/** A parameter's value in a SELECT: where it stands there, how long it is, and how long the user's own words are. */
export const FilledPlace = z.object({
  at: z.int().nonnegative(),
  length: z.int().nonnegative(),
  was: z.int().nonnegative(),
});

const RunSpec = z.object({
  id: RunId,
  /** The user's SELECT; held in memory only, never logged, never in Redis (D2). */
  sql: z.string(),
  /** Where the SELECT has values that the user gave beside it; sealed and dropped as the SELECT is (D45). */
  filled: z.array(FilledPlace).readonly().exactOptional(),
  flow: FlowName,
  snippetName: z.string().exactOptional(),
  target: Target.exactOptional(),
  /** All rows of the query are to be counted, although only the first ones are kept. */
  total: z.literal(true).exactOptional(),
  tenancy: Tenancy,
  createdAt: z.number(),
});
export type RunSpec = z.infer<typeof RunSpec>;

/** What the run object answers to a claim. */
export const ClaimAnswer = z.object({
  epoch: z.int().positive(),
  seq: z.int().nonnegative(),
  status: RunStatus,
  task: Task,
  /** Absent unless task is `run`. */
  spec: RunSpec.exactOptional(),
  ledger: readable(LedgerEntry).readonly(),
  /** What must be deleted now, by the object's clock: from a run that is over, or from a shell that a later one has replaced. */
  owed: readable(LedgerEntry).readonly().default([]),
  grant: Grant.exactOptional(),
  columns: z.array(Column).readonly().exactOptional(),
  /** Which shell to use; absent: the first. */
  attempt: z.int().positive().exactOptional(),
  /** The run has failed, but its table stays until it expires: for bridges that do not read `owed` yet. */
  keepsTable: z.literal(true).exactOptional(),
  tenancy: Tenancy,
  /** The object's clock at this answer. Compare its times with no other clock. */
  now: z.number(),
});
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/** `POST /bridge/runs/{id}/grant`: may Perform `n` be sent? By the `nonce`, a repeated request gets no second grant. */
export const GrantRequest = z.object({ epoch: z.int().positive(), n: z.int().positive(), nonce: z.uuid() });
export type GrantRequest = z.infer<typeof GrantRequest>;

export const GrantAnswer = z.object({
  answer: z.enum(["granted", "already", "refused"]),
  status: RunStatus,
  grant: Grant.exactOptional(),
  now: z.number(),
});
export type GrantAnswer = z.infer<typeof GrantAnswer>;

/** `POST /bridge/runs/{id}/alive`: a sign of life while the bridge works or waits in process (D7). */
export const AliveRequest = z.object({ epoch: z.int().positive() });
export type AliveRequest = z.infer<typeof AliveRequest>;
