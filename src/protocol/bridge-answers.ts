import { z } from "zod";
import { readable } from "./readable.ts";
import { RunStatus } from "./run-status.ts";

/** The answer to an accepted transition or sign of life. */
export const StatusReply = z.object({ status: RunStatus });

/**
 * A refusal: from the run object, with the run's status and the last `seq` it has, or a problem from the Worker, whose
 * `status` is the HTTP status and not the run's.
 */
export const Refusal = z.object({
  code: z.string(),
  status: RunStatus.optional().catch(undefined),
  seq: z.int().nonnegative().optional(),
  now: z.number().optional(),
});

/** The names of the members that the edge cannot read in a request. */
export const Complaint = z.object({ errors: readable(z.object({ path: z.string() })) });
