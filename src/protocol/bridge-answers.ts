import { z } from "zod";
import { readable } from "./readable.ts";
import { RunStatus } from "./run-status.ts";

/** What every accepted request gets back that is no claim and no grant; `seq` only for transitions. */
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

/** What the edge cannot read in a request, by the members' names. */
export const Complaint = z.object({ errors: readable(z.object({ path: z.string() })) });
