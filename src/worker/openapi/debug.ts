import { Evidence } from "#protocol/evidence.ts";
import { LedgerNote } from "#protocol/ledger-note.ts";
import { TracedCall, TracedVerdict } from "#protocol/trace.ts";
import { schemaOf, text } from "./parts.ts";

const count = { type: "integer", minimum: 0 };
const epochMs = { type: "integer", description: "Epoch milliseconds" };

/** What `?debug=1` adds to a run: no SQL and no row values. */
export const runDebug = {
  type: "object",
  required: ["epoch", "deliveries", "lastSignAt", "ledger", "steps"],
  properties: {
    epoch: { ...count, description: "Claims so far; each time a worker starts on this run is one" },
    deliveries: { ...count, description: "Times the run was put on the queue" },
    lastSignAt: { ...epochMs, description: "Time of the last sign of life of a worker" },
    grant: {
      type: "object",
      description: "The last permission to start the query",
      properties: { n: count, at: epochMs, state: { enum: ["open", "performed", "rejected"] }, taskId: text },
    },
    ledger: { type: "array", items: schemaOf(LedgerNote), description: "What was created in Marketing Cloud" },
    steps: {
      type: "array",
      description: "The workers' reports, in order",
      items: {
        type: "object",
        required: ["seq", "epoch", "at", "type"],
        properties: {
          seq: count,
          epoch: count,
          at: epochMs,
          type: {
            enum: ["planned", "noted", "performed", "performRejected", "misfit", "confirming", "ready", "failed"],
          },
          n: count,
          asset: text,
          verdict: { anyOf: [schemaOf(Evidence), { enum: ["refused", "not-running"] }] },
        },
      },
    },
    calls: {
      type: "array",
      description: "Calls to Marketing Cloud of the last day; absent when they could not be read",
      items: { allOf: [schemaOf(TracedCall.loose()), { type: "object", properties: { epoch: count } }] },
    },
    verdicts: {
      type: "array",
      description: "The verdict of each poll of the last day, and why; absent when they could not be read",
      items: { allOf: [schemaOf(TracedVerdict.loose()), { type: "object", properties: { epoch: count } }] },
    },
  },
};
