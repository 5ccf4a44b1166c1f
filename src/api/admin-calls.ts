import { z } from "zod";
import { ServiceStatus } from "#protocol/service-status.ts";
import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";
import { call } from "./call.ts";

const flag = "1 or 0";

/** `POST /v1/admin/sweep`. */
export const sweep = call({
  method: "post",
  path: "/v1/admin/sweep",
  tag: "Operators",
  summary: "Delete leftovers in Marketing Cloud now, or list them",
  access: "operator",
  query: z.object({
    dryRun: z
      .enum(["0", "1", "true", "false"], flag)
      .default("0")
      .transform((text) => text === "1" || text === "true"),
  }),
  mistakes: { dryRun: { detail: "`dryRun` is 1 or 0" } },
  answers: {
    200: {
      description: "dryRun: what would be deleted; nothing was",
      body: z.object({
        tenants: z.array(SweepPreview),
        pending: z
          .array(SweepUnit)
          .optional()
          .meta({ description: "Business units that did not answer in time; absent when all did" }),
      }),
    },
    202: { description: "A sweep of all business units has started", body: z.object({ sweepId: z.string() }) },
  },
  problems: { INVALID_BODY: true, UNAVAILABLE: "Redis or every bridge is unreachable" },
});

/** `GET /v1/admin/status`. */
export const readServiceStatus = call({
  method: "get",
  path: "/v1/admin/status",
  tag: "Operators",
  summary: "How the service stands: bridges, queue, runs, sweeps, versions",
  access: "operator",
  answers: { 200: { description: "What could be read; a store that does not answer is `down`", body: ServiceStatus } },
  problems: {},
});
