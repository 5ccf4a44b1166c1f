import { z } from "zod";
import { RunError } from "#protocol/run-error.ts";
import { RunStatus } from "#protocol/run-status.ts";
import { FlowName, Target } from "#protocol/target.ts";
import { ColumnShape } from "./column.ts";
import { RunDebugShape } from "./run-debug.ts";

const ms = z.int().min(0).optional();
const moment = z.iso.datetime();

const queuePosition = z.int().min(1).optional().meta({
  description:
    "While queued: its place in the line of the business unit; 1 is next. Only in GET, and not part of the version: ask without If-None-Match",
});

/** The Run of the public API. `viewOf` in #run makes it. */
export const RunShape = z
  .object({
    id: z.string(),
    status: RunStatus,
    phase: z.enum(["preparing", "executing", "confirming"]).optional().meta({ description: "While running" }),
    version: z
      .int()
      .min(1)
      .meta({ description: "Rises by one with each visible change. It is the SSE event id and the ETag" }),
    queuePosition,
    snippetName: z.string().optional(),
    flow: FlowName,
    target: Target.meta({ id: "Target" }).optional(),
    createdAt: moment,
    startedAt: moment.optional(),
    endedAt: moment.optional(),
    expiresAt: moment.optional().meta({
      description:
        "When the result is deleted. For a failed run whose query ended anyway: when the Data Extension with its rows is deleted",
    }),
    rowCount: z.int().min(0).optional().meta({
      description:
        "Rows of the query; absent when nobody counted them, as for a `truncated` result without `total`. For a target: the rows that Marketing Cloud reports as processed",
    }),
    truncated: z
      .boolean()
      .optional()
      .meta({ description: "The query has more rows than the 2,500 that the result holds" }),
    columns: z.array(ColumnShape).optional(),
    error: RunError.meta({ id: "RunError" }).optional(),
    notes: z.array(z.string()).optional(),
    timings: z
      .object({ queuedMs: ms, preparingMs: ms, executingMs: ms, confirmingMs: ms, totalMs: ms })
      .optional()
      .meta({ id: "Timings", description: "How long its parts took, in milliseconds; each once it is over" }),
    links: z.object({ self: z.string(), events: z.string(), results: z.string(), cancel: z.string() }),
    debug: RunDebugShape.optional().meta({ description: "Only with `debug=1`" }),
  })
  .meta({ id: "Run" });
