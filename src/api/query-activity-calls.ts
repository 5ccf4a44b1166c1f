import { z } from "zod";
import { call } from "./call.ts";
import { contentTag, forbiddenConnection, ifNoneMatch, NameCursor, refresh, unchanged } from "./parts.ts";

const ofMce = { FORBIDDEN: forbiddenConnection, MCE_ERROR: true, MCE_BUSY: true } as const;

const Listed = z.object({
  name: z.string(),
  key: z.string(),
  folderId: z.int().optional(),
  modifiedAt: z.iso.datetime().optional(),
});

/** `GET /v1/query-activities`. */
export const listQueryActivities = call({
  method: "get",
  path: "/v1/query-activities",
  tag: "Schema",
  summary: "List the Query Activities of Automation Studio, without their SQL",
  access: "tables:read",
  query: z.object({
    q: z.string().max(200).optional().meta({ description: "A part of the name, in any case" }),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: NameCursor.optional().meta({ description: "`cursor` of the page before" }),
    refresh,
  }),
  headers: ifNoneMatch,
  answers: {
    200: {
      description: "A page; the last one has no `cursor`",
      body: z.object({ queryActivities: z.array(Listed), cursor: z.string().optional() }),
      headers: contentTag,
    },
    304: unchanged,
  },
  problems: { ...ofMce, INVALID_BODY: true },
});

/** `GET /v1/query-activities/{key}`. */
export const readQueryActivity = call({
  method: "get",
  path: "/v1/query-activities/{key}",
  tag: "Schema",
  summary: "Read one Query Activity with its SQL, as it stands in Marketing Cloud",
  access: "tables:read",
  params: z.object({ key: z.string().meta({ description: "Its CustomerKey" }) }),
  answers: {
    200: {
      description: "It is not kept",
      body: Listed.extend({
        sql: z.string(),
        target: z
          .object({ key: z.string(), name: z.string(), mode: z.enum(["overwrite", "append", "update"]) })
          .optional(),
      }).meta({ id: "QueryActivity" }),
    },
  },
  problems: { ...ofMce, QUERY_ACTIVITY_NOT_FOUND: true },
});
