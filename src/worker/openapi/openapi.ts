import { Column } from "#protocol/column.ts";
import { RunError } from "#protocol/run-error.ts";
import { Target } from "#protocol/target.ts";
import { check, checkAnswer, diagnostic } from "./check.ts";
import {
  forbidden,
  forbiddenConnection,
  json,
  problem,
  problemForNow,
  ref,
  schemaOf,
  text,
  unauthenticated,
  unavailable,
} from "./parts.ts";
import { runDebug } from "./debug.ts";
import { status } from "./status.ts";
import { sweep } from "./sweep.ts";
import { TargetBody } from "../submit/submission.ts";

const moment = { type: "string", format: "date-time" };
const count = { type: "integer", minimum: 0 };
const inPath = { name: "id", in: "path", required: true, schema: { type: "string", pattern: "^[0-9a-f]{30}$" } };
const notFound = problem("RUN_NOT_FOUND: no such run, or another user's");
const etag = { ETag: { description: 'The version of the run: `"<version>"`', schema: text } };
const location = { Location: { description: "The address of the run", schema: text } };
const runAnswer = (description: string) => ({ ...json(ref("Run"), description), headers: etag });

const run = {
  type: "object",
  required: ["id", "status", "version", "flow", "createdAt", "links"],
  properties: {
    id: text,
    status: { enum: ["queued", "running", "ready", "failed", "canceled"] },
    phase: { enum: ["preparing", "executing", "confirming"], description: "While running" },
    version: {
      type: "integer",
      minimum: 1,
      description: "Rises by one with each visible change. It is the SSE event id and the ETag",
    },
    queuePosition: {
      type: "integer",
      minimum: 1,
      description:
        "While queued: its place in the line of the business unit; 1 is next. Only in this GET, and not part of the version: ask without If-None-Match",
    },
    snippetName: text,
    flow: { enum: ["run-to-temp", "run-to-target"] },
    target: schemaOf(Target),
    createdAt: moment,
    startedAt: moment,
    endedAt: moment,
    expiresAt: {
      ...moment,
      description:
        "When the result is deleted. For a failed run whose query ended anyway: when the Data Extension with its rows is deleted",
    },
    rowCount: {
      ...count,
      description:
        "Rows of the result; absent when Marketing Cloud does not report them. For a target: the rows that it reports as processed",
    },
    columns: { type: "array", items: ref("Column") },
    error: ref("RunError"),
    notes: { type: "array", items: text },
    debug: { ...ref("RunDebug"), description: "Only with `debug=1`" },
    links: { type: "object", properties: { self: text, events: text, results: text, cancel: text } },
  },
};

const resultPage = {
  type: "object",
  properties: {
    source: {
      const: "target",
      description: "Present when these are all current rows of the Data Extension that the query wrote into",
    },
    columns: {
      type: "array",
      items: ref("Column"),
      description: "The columns of the query in SELECT order, or all fields of the target in their order",
    },
    rows: {
      type: "array",
      description:
        "Values in column order. Empty text is null. Decimal is a string when its precision is over 15 or unknown.",
      items: { type: "array", items: { type: ["string", "number", "boolean", "null"] } },
    },
    page: count,
    pageSize: { const: 50 },
    pages: count,
    totalRows: { ...count, description: "Rows of the whole result; absent when Marketing Cloud does not count them" },
    accessibleRows: { ...count, description: "Rows that can be read, at most 2,500" },
    truncated: { type: "boolean", description: "More rows exist than can be read" },
    expiresAt: moment,
  },
};

const problemSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: text,
    title: text,
    status: count,
    detail: text,
    code: text,
    errors: {},
    diagnostics: {},
    runStatus: text,
  },
};

const submit = {
  summary: "Run one SELECT",
  parameters: [
    {
      name: "Idempotency-Key",
      in: "header",
      description: "When the same user repeats it in the same business unit, the answer is the existing run",
      schema: { type: "string", maxLength: 200 },
    },
  ],
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["sql"],
          additionalProperties: false,
          properties: {
            sql: { type: "string", maxLength: 100_000 },
            snippetName: { type: "string", maxLength: 1000 },
            target: schemaOf(TargetBody),
          },
        },
      },
    },
  },
  responses: {
    202: {
      ...json(ref("Run"), "Accepted, or the existing run of this Idempotency-Key"),
      headers: { ...location, ...etag },
    },
    400: problem("INVALID_JSON"),
    401: unauthenticated,
    403: forbiddenConnection,
    413: problem("TOO_LARGE: over 100,000 characters"),
    422: problem("INVALID_BODY, SQL_REJECTED with positions, IDEMPOTENCY_MISMATCH"),
    429: problemForNow("RATE_LIMITED"),
    503: problemForNow("UNAVAILABLE: nothing was queued"),
  },
};

const list = {
  summary: "List your own runs, newest first, including live ones",
  parameters: [
    { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
    { name: "cursor", in: "query", description: "`nextCursor` of the page before", schema: text },
  ],
  responses: {
    200: json(
      { type: "object", properties: { runs: { type: "array", items: ref("Run") }, nextCursor: text } },
      "A page; the last one has no `nextCursor`",
    ),
    401: unauthenticated,
    403: forbidden,
    422: problem("INVALID_BODY"),
    503: unavailable,
  },
};

/** The public API as OpenAPI 3.1; a test compares it with the routes. */
export const openApi = {
  openapi: "3.1.0",
  info: {
    title: "Shell Query Engine",
    version: "1",
    description: "Runs one ad-hoc SELECT in Salesforce Marketing Cloud Engagement and proxies its rows.",
  },
  security: [{ bearer: [] }],
  paths: {
    "/v1/runs": { get: list, post: submit },
    "/v1/runs/{id}": {
      get: {
        summary: "Read a run, or wait up to 25 s for its next version",
        parameters: [
          inPath,
          { name: "wait", in: "query", schema: { type: "integer", minimum: 0, maximum: 25 } },
          { name: "If-None-Match", in: "header", schema: text },
          {
            name: "debug",
            in: "query",
            description: "1: the run with `debug`, at once and never as 304, until 48 h after its end",
            schema: { enum: ["1"] },
          },
        ],
        responses: {
          200: runAnswer("The run"),
          304: { description: "Nothing changed", headers: etag },
          401: unauthenticated,
          403: forbidden,
          404: notFound,
          422: problem("INVALID_BODY: `wait` is not a whole number from 0 to 25"),
          503: unavailable,
        },
      },
    },
    "/v1/runs/{id}/events": {
      get: {
        summary: "Follow a run by Server-Sent Events; each event is the whole Run, with the version as its id",
        parameters: [
          inPath,
          { name: "Last-Event-ID", in: "header", schema: text },
          { name: "after", in: "query", schema: text },
        ],
        responses: {
          200: {
            description: "`event: run` for each version, `event: end` when the run is over",
            content: { "text/event-stream": { schema: text } },
          },
          204: {
            description: "The client has seen the last event, or the run ended more than two days ago",
          },
          401: unauthenticated,
          403: forbidden,
          404: notFound,
          503: unavailable,
        },
      },
    },
    "/v1/runs/{id}/results": {
      get: {
        summary: "Read one page of 50 rows",
        parameters: [
          inPath,
          { name: "page", in: "query", schema: { type: "integer", minimum: 1, maximum: 50, default: 1 } },
        ],
        responses: {
          200: json(ref("ResultPage"), "The page"),
          401: unauthenticated,
          403: forbidden,
          404: notFound,
          409: problem("RUN_NOT_READY"),
          410: problem("RESULT_EXPIRED"),
          422: problem("PAGE_OUT_OF_RANGE"),
          502: problem("MCE_ERROR"),
          503: problemForNow("MCE_BUSY, or UNAVAILABLE: the database does not answer"),
        },
      },
    },
    "/v1/runs/{id}/cancel": {
      post: {
        summary: "Cancel a run. Marketing Cloud cannot abort a query that has started",
        parameters: [inPath],
        responses: {
          200: runAnswer("It was over already"),
          202: runAnswer("Canceled"),
          401: unauthenticated,
          403: forbidden,
          404: notFound,
          503: unavailable,
        },
      },
    },
    "/v1/admin/sweep": { post: sweep },
    "/v1/admin/status": { get: status },
    "/v1/sql/check": { post: check },
    "/healthz": {
      get: {
        summary: "Whether the service is up",
        security: [],
        responses: {
          200: json({ type: "object" }, "It is up"),
          503: problemForNow("UNAVAILABLE: the database schema is too old; `detail` says what to do"),
        },
      },
    },
    "/openapi.json": {
      get: { summary: "This document", security: [], responses: { 200: json({ type: "object" }, "OpenAPI 3.1") } },
    },
  },
  components: {
    securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    schemas: {
      Run: run,
      RunDebug: runDebug,
      Column: schemaOf(Column),
      RunError: schemaOf(RunError),
      Check: checkAnswer,
      Diagnostic: diagnostic,
      ResultPage: resultPage,
      Problem: problemSchema,
    },
  },
};
