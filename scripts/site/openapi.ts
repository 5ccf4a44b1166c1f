import { z } from "zod";
import { createDocument, type CreateDocumentOptions, type ZodOpenApiOperationObject } from "zod-openapi";
import { problemsOf, type Call, type CallAnswer, type CallProblems } from "#api/call.ts";
import { Scope } from "#protocol/scope.ts";
import { problemCodes, type ProblemCode } from "#api/problem-codes.ts";
import { ProblemShape } from "#api/shapes/problem.ts";

type Responses = ZodOpenApiOperationObject["responses"];

const retryAfter = z.object({
  "Retry-After": z.int().positive().meta({ description: "Seconds to wait before asking again" }),
});

/** What an answer of 429 has where a rate is limited. */
const rateLimits = z.object({
  RateLimit: z.string().optional().meta({ description: 'The limit that was met: `"runs";r=0;t=60`' }),
  "RateLimit-Policy": z.string().optional().meta({
    description:
      'All limits that the request was counted against, as on every answer of such a call: `"runs";q=60;w=60`',
  }),
});

/** The public API as OpenAPI 3.1. */
export function documentOf(calls: readonly Call[]): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const call of calls) paths[call.path] = { ...paths[call.path], [call.method]: operationOf(call) };
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Shell Query Engine",
        version: "1",
        description: "Runs one ad-hoc SELECT in Salesforce Marketing Cloud Engagement and proxies its rows.",
      },
      paths,
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
    },
    options,
  );
}

function operationOf(call: Call): ZodOpenApiOperationObject {
  const { summary, description, tag, params, query, headers, body } = call;
  return {
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: securityOf(call),
    requestParams: { ...(params && { path: params }), ...(query && { query }), ...(headers && { header: headers }) },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: { ...Object.fromEntries(Object.entries(call.answers).map(answerOf)), ...refusalsOf(problemsOf(call)) },
  };
}

/** The credentials that a call takes, with the scopes that it needs of them. */
function securityOf({ access, alsoNeeds }: Call): Record<string, string[]>[] {
  if (access === "everybody") return [];
  const { success: isScope } = Scope.safeParse(access);
  const needed = [...(isScope ? [access] : []), ...(alsoNeeds === undefined ? [] : [alsoNeeds.scope])];
  return [{ bearer: needed }];
}

function answerOf([status, { description, body, type = "application/json", headers }]: [string, CallAnswer]) {
  const content = body === undefined ? {} : { content: { [type]: { schema: body } } };
  return [status, { description, ...content, ...(headers && { headers }) }];
}

/** One answer for each status; `x-codes` has the codes it may come with. */
function refusalsOf(problems: CallProblems): Responses {
  // A record's keys are its own.
  const codes = Object.keys(problems) as ProblemCode[];
  const byStatus = Map.groupBy(codes, (code) => problemCodes[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => wordsOf(code, problems[code])).join("; "),
        content: { "application/problem+json": { schema: ProblemShape } },
        ...(status === 429 && { headers: retryAfter.extend(rateLimits.shape) }),
        ...(status === 503 && { headers: retryAfter }),
        "x-codes": some,
      },
    ]),
  );
}

function wordsOf(code: ProblemCode, when: string | true | undefined): string {
  return `${code}: ${typeof when === "string" ? when : problemCodes[code][1]}`;
}

/**
 * An answer is open to members of a later version, the fallback for an unknown word is no default of a member, and where
 * JavaScript's whole numbers end says nothing about a count.
 */
const options: CreateDocumentOptions = {
  override: ({ jsonSchema, zodSchema, io }) => {
    const { def } = zodSchema._zod;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (io === "output" && def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
    if (def.type === "catch") delete jsonSchema.default;
  },
};
