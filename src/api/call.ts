import type { z } from "zod";
import type { ProblemCode } from "./problem-codes.ts";

/** One answer that is no problem. `type` is the media type of its body, JSON if absent. */
export type CallAnswer = { description: string; body?: z.ZodType; type?: string; headers?: z.ZodObject };

/** The codes a call may answer; the text says when, `true` leaves it to the title. */
export type CallProblems = { readonly [code in ProblemCode]?: string | true };

/** What a query parameter's mistake is answered with: INVALID_BODY unless it says otherwise. */
type QueryMistake = { code?: ProblemCode; detail: string };

/**
 * One call of the public API. The route checks requests by it, and `npm run build` writes the OpenAPI document from it.
 * Shapes of requests may transform what they read; those of answers may not, because a document cannot say that.
 */
export type Call<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Headers extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> = {
  method: "get" | "post" | "delete";
  /** As OpenAPI writes it: `/v1/runs/{id}`. */
  path: `/${string}`;
  summary: string;
  description?: string;
  /** The group it is shown in. */
  tag: "Runs" | "SQL" | "Schema" | "Account" | "Operators" | "Service";
  access: "user" | "operator" | "everybody";
  /** Describes the parts of the path. The route looks them up, so that a wrong one is not found rather than invalid. */
  params?: Params;
  query?: Query;
  headers?: Headers;
  body?: Body;
  /** By query parameter: what a mistake in it is answered with. */
  mistakes?: { readonly [name: string]: QueryMistake };
  answers: { readonly [status: number]: CallAnswer };
  /** Beside the problems that every call of its access may have. */
  problems: CallProblems;
};

/** Returns the call as it is; it only infers the shapes. */
export function call<
  Params extends z.ZodObject = z.ZodObject<{}>,
  Query extends z.ZodObject = z.ZodObject<{}>,
  Headers extends z.ZodObject = z.ZodObject<{}>,
  Body extends z.ZodType = z.ZodUndefined,
>(described: Call<Params, Query, Headers, Body>): Call<Params, Query, Headers, Body> {
  return described;
}

const ofEveryCall: CallProblems = {
  INTERNAL: true,
  UNAVAILABLE: "the Worker is not configured, or the database does not answer",
};

const ofAccess: Record<Call["access"], CallProblems> = {
  everybody: {},
  user: { UNAUTHENTICATED: true, FORBIDDEN: "an operator's token, which is for /v1/admin only" },
  operator: { UNAUTHENTICATED: true, FORBIDDEN: "not an operator's token" },
};

/** All problems of a call, with those that it shares with others. */
export function problemsOf({ access, problems }: Pick<Call, "access" | "problems">): CallProblems {
  return { ...ofEveryCall, ...ofAccess[access], ...problems };
}
