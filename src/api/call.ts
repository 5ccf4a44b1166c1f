import type { z } from "zod";
import type { Scope } from "#protocol/scope.ts";
import type { ProblemCode } from "./problem-codes.ts";

/** One answer that is no problem. `type` is the media type of its body, JSON if absent. */
export type CallAnswer = { description: string; body?: z.ZodType; type?: string; headers?: z.ZodObject };

/** The codes a call may answer; the text says when, `true` leaves it to the title. */
export type CallProblems = { readonly [code in ProblemCode]?: string | true };

/** What a query parameter's mistake is answered with: INVALID_BODY unless it says otherwise. */
type QueryMistake = { code?: ProblemCode; detail: string };

/**
 * Who may make a call: a user whose credential has a scope, any user, a user with a credential of their own (none of `POST
 * /v1/tokens`), an administrator of the tenant, an operator of the service, or everybody.
 */
export type Access = Scope | "user" | "own-credential" | "administrator" | "operator" | "everybody";

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
  method: "get" | "post" | "patch" | "delete";
  /** As OpenAPI writes it: `/v1/runs/{id}`. */
  path: `/${string}`;
  summary: string;
  description?: string;
  /** The group it is shown in. */
  tag: "Runs" | "SQL" | "Schema" | "Account" | "Assistants" | "Signing in" | "Administrators" | "Operators" | "Service";
  access: Access;
  /** A scope that some requests need beside that of `access`. */
  alsoNeeds?: { scope: Scope; when: string; isNeeded(body: z.output<Body>): boolean };
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

const ofOperator = "an operator's key, which is for /v1/admin only";

/** All problems of a call, with those that it shares with others. */
export function problemsOf(call: Pick<Call, "access" | "problems" | "alsoNeeds">): CallProblems {
  const { FORBIDDEN: own, ...problems } = call.problems;
  if (call.access === "everybody") return { ...ofEveryCall, ...call.problems };
  const forbidden = [refusedAccess(call), ...(typeof own === "string" ? [own] : [])].join("; ");
  return { ...ofEveryCall, UNAUTHENTICATED: true, FORBIDDEN: forbidden, ...problems };
}

/** Whom a call is not for. */
function refusedAccess({ access, alsoNeeds }: Pick<Call, "access" | "alsoNeeds">): string {
  if (access === "operator") return "not an operator's key";
  if (access === "user") return ofOperator;
  if (access === "own-credential") return `${ofOperator}; a token of POST /v1/tokens`;
  if (access === "administrator") return `${ofOperator}; a user who is no administrator`;
  const more = alsoNeeds === undefined ? "" : `, or ${alsoNeeds.when} without ${alsoNeeds.scope}`;
  return `${ofOperator}; without the scope ${access}${more}`;
}
