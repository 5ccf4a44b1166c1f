import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";
import { json, problem, problemForNow, schemaOf, text, unauthenticated } from "./parts.ts";

/** `POST /v1/admin/sweep`. */
export const sweep = {
  summary: "Delete leftovers in Marketing Cloud now, or list them; for operators",
  parameters: [{ name: "dryRun", in: "query", schema: { enum: ["0", "1"], default: "0" } }],
  responses: {
    200: json(
      {
        type: "object",
        required: ["tenants"],
        properties: {
          tenants: { type: "array", items: schemaOf(SweepPreview) },
          pending: {
            type: "array",
            items: schemaOf(SweepUnit),
            description: "Business units that did not answer in time; absent when all did",
          },
        },
      },
      "dryRun: what would be deleted; nothing was",
    ),
    202: json({ type: "object", properties: { sweepId: text } }, "A sweep of all business units has started"),
    401: unauthenticated,
    403: problem("FORBIDDEN: not an operator's token"),
    422: problem("INVALID_BODY"),
    503: problemForNow("UNAVAILABLE: Redis or every bridge is unreachable"),
  },
};
