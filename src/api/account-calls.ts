import { z } from "zod";
import { Scope } from "#protocol/scope.ts";
import { call } from "./call.ts";
import { forbiddenConnection } from "./parts.ts";

const BusinessUnit = z.object({ mid: z.int(), name: z.string().optional() });
const perMinute = z.int().nullable().meta({ description: "null: no limit" });

/** `GET /v1/me`. */
export const readMe = call({
  method: "get",
  path: "/v1/me",
  tag: "Account",
  summary: "Who calls, where, and what is allowed",
  access: "user",
  answers: {
    200: {
      description: "As the token says",
      body: z
        .object({
          user: z.object({ id: z.string(), name: z.string().optional(), email: z.string().optional() }),
          tenant: z.object({ id: z.string(), name: z.string() }),
          businessUnit: BusinessUnit,
          businessUnits: z.array(BusinessUnit),
          scopes: z.array(Scope),
          isAdmin: z.boolean(),
          limits: z.object({
            runsPerMinute: perMinute,
            activeRuns: z.int().meta({ description: "Runs of the business unit that execute at once; others wait" }),
            checksPerMinute: perMinute,
            validationsPerMinute: perMinute,
            activeRunsPerUser: perMinute.meta({ description: "Your runs that are not over; null: no limit" }),
            streamsPerUser: perMinute.meta({ description: "Your open streams; null: no limit" }),
          }),
        })
        .meta({ id: "Me" }),
    },
  },
  problems: { FORBIDDEN: forbiddenConnection },
});
