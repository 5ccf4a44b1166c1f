import { ServiceStatus } from "#protocol/service-status.ts";
import { json, problem, schemaOf, unauthenticated } from "./parts.ts";

/** `GET /v1/admin/status`. */
export const status = {
  summary: "How the service stands: bridges, queue, runs, sweeps, versions; for operators",
  responses: {
    200: json(schemaOf(ServiceStatus), "What could be read; a store that does not answer is `down`"),
    401: unauthenticated,
    403: problem("FORBIDDEN: not an operator's token"),
  },
};
