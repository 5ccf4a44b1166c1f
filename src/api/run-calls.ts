import { z } from "zod";
import { StorableText } from "#protocol/storable-text.ts";
import { call } from "./call.ts";
import { etag, forbiddenConnection, location, runInPath, Sql, TargetBody } from "./parts.ts";
import { ParametersBody, Total } from "./shapes/parameters.ts";
import { ResultPageShape } from "./shapes/result-page.ts";
import { RunShape } from "./shapes/run.ts";

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/, "1 to 200 printable ASCII characters without spaces");

/** `POST /v1/runs`. */
export const submitRun = call({
  method: "post",
  path: "/v1/runs",
  tag: "Runs",
  summary: "Run one SELECT",
  access: "runs:write",
  headers: z.object({
    "Idempotency-Key": IdempotencyKey.optional().meta({
      description: "When the same user repeats it in the same business unit, the answer is the existing run",
    }),
    Prefer: z.string().optional().meta({ description: "`wait=25`: waits up to 25 s for the rows" }),
  }),
  body: z.strictObject({
    sql: Sql,
    snippetName: StorableText.max(1000).optional(),
    target: TargetBody.optional(),
    total: Total.optional(),
    parameters: ParametersBody.optional(),
  }),
  answers: {
    200: {
      description: "With `Prefer: wait`: the run is ready, and this is its first page",
      body: RunShape.extend({ page: ResultPageShape }).meta({ id: "RunWithPage" }),
      headers: location.extend(etag.shape),
    },
    202: {
      description: "Accepted, or the existing run of this Idempotency-Key",
      body: RunShape,
      headers: location.extend(etag.shape),
    },
  },
  alsoNeeds: { scope: "runs:target", when: "with a `target`", isNeeded: ({ target }) => target !== undefined },
  problems: {
    INVALID_JSON: true,
    FORBIDDEN: forbiddenConnection,
    TOO_LARGE: "over 100,000 characters",
    INVALID_BODY: true,
    SQL_REJECTED: "with positions",
    IDEMPOTENCY_MISMATCH: true,
    RATE_LIMITED: "too many runs in a minute, or too many that are not over",
    UNAVAILABLE: "nothing was queued",
  },
});

/**
 * The place of the last run seen: its creation time, and its id for runs of the same millisecond. Only our own spelling
 * of a time is accepted, because Postgres cannot read every other; it has no year 0 either.
 */
const Cursor = z
  .templateLiteral([z.iso.datetime({ precision: 3 }), "_", z.string().regex(/^[0-9a-f]{30}$/)])
  .refine((text) => !text.startsWith("0000"), "Must not be in the year 0")
  .transform((text) => ({ createdAt: text.slice(0, text.indexOf("_")), id: text.slice(text.indexOf("_") + 1) }));

const listMistake = { detail: "`limit` is 1 to 100, `cursor` is the `nextCursor` of the page before" };

/** `GET /v1/runs`. */
export const listRuns = call({
  method: "get",
  path: "/v1/runs",
  tag: "Runs",
  summary: "List your own runs, newest first, including live ones",
  access: "runs:read",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: Cursor.optional().meta({ description: "`nextCursor` of the page before" }),
  }),
  mistakes: { limit: listMistake, cursor: listMistake },
  answers: {
    200: {
      description: "A page; the last one has no `nextCursor`",
      body: z.object({ runs: z.array(RunShape), nextCursor: z.string().optional() }),
    },
  },
  problems: { INVALID_BODY: true },
});

/** `GET /v1/runs/{id}`. */
export const readRun = call({
  method: "get",
  path: "/v1/runs/{id}",
  tag: "Runs",
  summary: "Read a run, or wait up to 25 s for its next version",
  access: "runs:read",
  params: runInPath,
  query: z.object({
    wait: z.coerce.number("0..25").int("0..25").min(0, "0..25").max(25, "0..25").default(0),
    debug: z.literal("1").optional().catch(undefined).meta({
      description: "1: the run with `debug`, at once and never as 304, until 48 h after its end",
    }),
  }),
  headers: z.object({ "If-None-Match": z.string().optional() }),
  mistakes: { wait: { detail: "`wait` is a whole number of seconds, 0 to 25" } },
  answers: {
    200: { description: "The run", body: RunShape, headers: etag },
    304: { description: "Nothing changed", headers: etag },
  },
  problems: { RUN_NOT_FOUND: true, INVALID_BODY: "`wait` is not a whole number from 0 to 25" },
});

/** `POST /v1/runs/{id}/cancel`. */
export const cancelRun = call({
  method: "post",
  path: "/v1/runs/{id}/cancel",
  tag: "Runs",
  summary: "Cancel a run. Marketing Cloud cannot abort a query that has started",
  access: "runs:write",
  params: runInPath,
  answers: {
    200: { description: "It was over already", body: RunShape, headers: etag },
    202: { description: "Canceled", body: RunShape, headers: etag },
  },
  problems: { RUN_NOT_FOUND: true },
});

/** `GET /v1/runs/{id}/events`. */
export const followRun = call({
  method: "get",
  path: "/v1/runs/{id}/events",
  tag: "Runs",
  summary: "Follow a run by Server-Sent Events; each event is the whole Run, with the version as its id",
  access: "runs:read",
  params: runInPath,
  query: z.object({ after: z.string().optional().meta({ description: "As Last-Event-ID, for a first request" }) }),
  headers: z.object({ "Last-Event-ID": z.string().optional() }),
  answers: {
    200: {
      description:
        "`event: run` for each version, `event: end` when the run is over; `event: position` with `{queuePosition}` and without an id, while the run is queued and its place changes",
      body: z.string(),
      type: "text/event-stream",
    },
    204: { description: "The client has seen the last event, or the run ended more than two days ago" },
  },
  problems: { RUN_NOT_FOUND: true, RATE_LIMITED: "too many open streams" },
});
