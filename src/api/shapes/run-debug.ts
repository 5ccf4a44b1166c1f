import { z } from "zod";
import { Evidence } from "#protocol/evidence.ts";
import { LedgerEntry } from "#protocol/ledger-note.ts";
import { TracedCall, TracedVerdict } from "#protocol/trace.ts";

const count = z.int().min(0);
const epochMs = z.int().meta({ description: "Epoch milliseconds" });

const Step = z.object({
  seq: count,
  epoch: count,
  at: epochMs,
  type: z.enum(["planned", "noted", "performed", "performRejected", "misfit", "confirming", "ready", "failed"]),
  n: count.optional(),
  asset: z.string().optional(),
  verdict: z.union([Evidence, z.enum(["refused", "not-running"])]).optional(),
});

/** What `?debug=1` adds to a run: no SQL and no row values. */
export const RunDebugShape = z
  .object({
    epoch: count.meta({ description: "Claims so far; each time a worker starts on this run is one" }),
    deliveries: count.meta({ description: "Times the run was put on the queue" }),
    lastSignAt: epochMs.meta({ description: "Time of the last sign of life of a worker" }),
    grant: z
      .object({
        n: count,
        at: epochMs,
        state: z.enum(["open", "performed", "rejected"]),
        taskId: z.string().optional(),
      })
      .optional()
      .meta({ description: "The last permission to start the query" }),
    ledger: z.array(LedgerEntry).meta({ description: "What was created in Marketing Cloud" }),
    steps: z.array(Step).meta({ description: "The workers' reports, in order" }),
    calls: z
      .array(TracedCall.extend({ epoch: count }))
      .optional()
      .meta({ description: "Calls to Marketing Cloud of the last day; absent when they could not be read" }),
    verdicts: z
      .array(TracedVerdict.extend({ epoch: count }))
      .optional()
      .meta({ description: "The verdict of each poll of the last day, and why; absent when they could not be read" }),
  })
  .meta({ id: "RunDebug" });
