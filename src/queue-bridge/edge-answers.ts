import { z } from "zod";
import type { ClaimAnswer, GrantAnswer } from "#protocol/claim.ts";
import { Column } from "#protocol/column.ts";
import { RunId } from "#protocol/ids.ts";
import { AssetKind } from "#protocol/ledger.ts";
import { readable } from "#protocol/readable.ts";
import { FlowName, Target } from "#protocol/target.ts";
import { Tenancy } from "#protocol/tenancy.ts";

// What the run object answers. Objects are open: an edge that is newer than this bridge may say more.

const RunStatus = z.enum(["queued", "running", "ready", "failed", "canceled"]);

const Grant = z.object({
  n: z.int().positive(),
  nonce: z.string(),
  at: z.number(),
  state: z.enum(["open", "performed", "rejected"]),
  taskId: z.string().optional(),
});

const LedgerEntry = z.object({
  asset: AssetKind,
  attempt: z.int(),
  customerKey: z.string(),
  state: z.enum(["intended", "created", "deleted"]),
  objectId: z.string().optional(),
  name: z.string().optional(),
});

const RunSpec = z.object({
  id: RunId,
  sql: z.string(),
  flow: FlowName,
  snippetName: z.string().optional(),
  target: Target.optional(),
  tenancy: Tenancy,
  createdAt: z.number(),
});

const ClaimReply = z.object({
  epoch: z.int().positive(),
  seq: z.int().nonnegative(),
  status: RunStatus,
  task: z.enum(["run", "cleanup", "none"]),
  spec: RunSpec.optional(),
  ledger: z.array(LedgerEntry),
  grant: Grant.optional(),
  columns: z.array(Column).optional(),
  attempt: z.int().positive().optional(),
  tenancy: Tenancy,
  now: z.number(),
});

const GrantReply = z.object({
  answer: z.enum(["granted", "already", "refused"]),
  status: RunStatus,
  grant: Grant.optional(),
  now: z.number(),
});

/** What every other accepted request gets back; `seq` only for transitions. */
export const StatusReply = z.object({ status: RunStatus });

/**
 * A refusal: of the run object, with the run's status and the last `seq` it has, or a problem of the Worker, whose `status`
 * is the HTTP status and tells nothing of the run.
 */
export const Refusal = z.object({
  code: z.string(),
  status: RunStatus.optional().catch(undefined),
  seq: z.int().nonnegative().optional(),
  now: z.number().optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** What the edge cannot read in a request, by the members' names. */
export const Complaint = z.object({ errors: readable(z.object({ path: z.string() })) });

/** Reads a claim answer. @returns undefined when it is not one */
export function readClaim(body: unknown): ClaimAnswer | undefined {
  // The schema has the fields of ClaimAnswer; it only writes `| undefined` where the type says "absent".
  return ClaimReply.safeParse(body).data as ClaimAnswer | undefined;
}

/** Reads a grant answer. @returns undefined when it is not one */
export function readGrant(body: unknown): GrantAnswer | undefined {
  // As above: absent and undefined are one in parsed JSON.
  return GrantReply.safeParse(body).data as GrantAnswer | undefined;
}
