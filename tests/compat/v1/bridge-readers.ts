import { z } from "zod";

// What a bridge of version 1 reads of the edge's words, as it stood then. Nothing here is ever changed: what today's edge
// says has to pass, because bridges are deployed after it.

const Column = z.object({
  name: z.string().min(1).max(128),
  type: z.enum(["Text", "Number", "Decimal", "Date", "Boolean", "EmailAddress", "Phone", "Locale"]),
  maxLength: z.int().positive().optional(),
  precision: z.int().positive().optional(),
  scale: z.int().nonnegative().optional(),
  assumed: z.literal(true).optional(),
});
const RunId = z.string().regex(/^[0-9a-f]{30}$/);
const Tenancy = z.object({
  tenantId: z.uuid(),
  userId: z.string().min(1).max(200),
  mid: z.int().positive(),
  eid: z.int().positive(),
  connectionId: z.uuid(),
});
const FlowName = z.enum(["run-to-temp", "run-to-target"]);
const RunStatus = z.enum(["queued", "running", "ready", "failed", "canceled"]);
const Grant = z.object({
  n: z.int().positive(),
  nonce: z.string(),
  at: z.number(),
  state: z.enum(["open", "performed", "rejected"]),
  taskId: z.string().optional(),
});
const RunSpec = z.object({
  id: RunId,
  sql: z.string(),
  flow: FlowName,
  snippetName: z.string().optional(),
  target: z
    .object({ customerKey: z.string().min(1).max(200), mode: z.enum(["overwrite", "append", "update"]) })
    .optional(),
  tenancy: Tenancy,
  createdAt: z.number(),
});

export const ClaimAnswerV1 = z.object({
  epoch: z.int().positive(),
  seq: z.int().nonnegative(),
  status: RunStatus,
  task: z.enum(["run", "cleanup", "none"]),
  spec: RunSpec.optional(),
  /** Entries it cannot read it passes over. */
  ledger: z.array(z.unknown()),
  grant: Grant.optional(),
  columns: z.array(Column).optional(),
  attempt: z.int().positive().optional(),
  tenancy: Tenancy,
  now: z.number(),
});

export const LedgerEntryV1 = z.object({
  asset: z.enum(["dataExtension", "queryDefinition"]),
  attempt: z.int(),
  customerKey: z.string(),
  state: z.enum(["intended", "created", "deleted"]),
  objectId: z.string().optional(),
  name: z.string().optional(),
});

export const GrantAnswerV1 = z.object({
  answer: z.enum(["granted", "already", "refused"]),
  status: RunStatus,
  grant: Grant.optional(),
  now: z.number(),
});

export const StatusAnswerV1 = z.object({ status: RunStatus });

export const RefusalV1 = z.object({
  code: z.string(),
  status: RunStatus.optional().catch(undefined),
  seq: z.int().nonnegative().optional(),
  now: z.number().optional(),
});

export const IntakeCommandV1 = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("run"),
    runId: RunId,
    ...Tenancy.shape,
    snippetName: z.string().max(1000).optional(),
    flow: FlowName,
    delivery: z.int().positive(),
    isClaimed: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal("sweep"),
    sweepId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    at: z.int().positive(),
    isDryRun: z.boolean(),
  }),
]);
