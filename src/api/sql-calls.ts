import { z } from "zod";
import { call } from "./call.ts";
import { contentTag, forbiddenConnection, ifNoneMatch, Sql, TargetBody, unchanged } from "./parts.ts";
import { CheckShape } from "./shapes/check.ts";
import { ParametersBody, Total } from "./shapes/parameters.ts";
import { DataViewShape, SqlFunctionShape } from "./shapes/sql-catalogue.ts";

/** `POST /v1/sql/check`. */
export const checkSql = call({
  method: "post",
  path: "/v1/sql/check",
  tag: "SQL",
  summary: "Check SQL without running it",
  access: "tables:read",
  description:
    "With `validate: false` nothing is validated by Marketing Cloud, and nothing is asked of it when the fields of the query's tables are known: for somebody who is typing. The own limits of both are in `GET /v1/me`.",
  body: z.strictObject({
    sql: Sql,
    validate: z.boolean().default(true).meta({ description: "Marketing Cloud's own check of the query, too" }),
    total: Total.optional(),
    parameters: ParametersBody.optional(),
    target: TargetBody.optional().meta({ description: "Also compares the query with this Data Extension" }),
  }),
  answers: {
    200: { description: "The findings. A query that cannot run is 200 too, with `ok: false`", body: CheckShape },
  },
  problems: {
    INVALID_JSON: true,
    FORBIDDEN: forbiddenConnection,
    TOO_LARGE: "over 100,000 characters",
    INVALID_BODY: true,
    RATE_LIMITED: "too many checks, or too many that are validated",
  },
});

/** `GET /v1/sql/functions`. */
export const listFunctions = call({
  method: "get",
  path: "/v1/sql/functions",
  tag: "SQL",
  summary: "List the functions of T-SQL, and what to know of each",
  access: "user",
  headers: ifNoneMatch,
  answers: {
    200: {
      description: "By name",
      body: z.object({ functions: z.array(SqlFunctionShape) }),
      headers: contentTag,
    },
    304: unchanged,
  },
  problems: {},
});

/** `GET /v1/sql/data-views`. */
export const listDataViews = call({
  method: "get",
  path: "/v1/sql/data-views",
  tag: "SQL",
  summary: "List Marketing Cloud's data views with their columns and keys",
  access: "user",
  headers: ifNoneMatch,
  answers: {
    200: {
      description: "By name",
      body: z.object({ dataViews: z.array(DataViewShape) }),
      headers: contentTag,
    },
    304: unchanged,
  },
  problems: {},
});
