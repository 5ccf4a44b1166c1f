import type { Context, Hono } from "hono";
import type { z } from "zod";
import type { Call } from "#api/call.ts";
import type { AppEnv } from "./app-types.ts";
import { refuse, refuseWithout } from "./auth/permit.ts";
import { problem } from "./problem.ts";
import { issueOf, readBody } from "./submit/body.ts";

/** What a request has, read by the shapes of its call. */
export type Asked<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType> = {
  /** The parts of the path as texts, not checked. */
  params: { readonly [name in keyof P["shape"]]: string };
  query: z.output<Q>;
  headers: z.output<H>;
  body: z.output<B>;
};

type Answering<A> = (c: Context<AppEnv>, asked: A) => Response | Promise<Response>;

/**
 * Answers a call of the public API. What does not fit its description never reaches `answer`.
 *
 * @param allow runs before anything of the request is read; a response ends the request
 */
export function serve<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType>(
  routes: Hono<AppEnv>,
  call: Call<P, Q, H, B>,
  answer: Answering<Asked<P, Q, H, B>>,
  allow: (c: Context<AppEnv>) => Promise<Response | undefined> = () => Promise.resolve(undefined),
): void {
  routes.on(call.method.toUpperCase(), call.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
    const refusal = refuse(call, c.var.caller, c.req.param("id")) ?? (await allow(c));
    if (refusal !== undefined) return refusal;
    const params = c.req.param();
    if (Object.values<string>(params).some((part) => part.includes("\0"))) return noSuchName(call);
    const query = call.query?.safeParse(c.req.query());
    if (query?.error) return wrongQuery(call, query.error);
    const body = call.body === undefined ? undefined : await readBody(c.req.raw, call.body);
    if (body instanceof Response) return body;
    const headers = call.headers?.safeParse(headersOf(c, call.headers));
    if (headers?.error) return wrongHeader(headers.error);
    // The shapes have just read them; a call without a shape has nothing there.
    const asked = { params, query: query?.data ?? {}, headers: headers?.data ?? {}, body } as Asked<P, Q, H, B>;
    const { alsoNeeds } = call;
    const isWider = alsoNeeds?.isNeeded(asked.body) === true;
    return (isWider ? refuseWithout(alsoNeeds.scope, c.var.user) : undefined) ?? answer(c, asked);
  });
}

const notFoundCodes = [
  "RUN_NOT_FOUND",
  "TABLE_NOT_FOUND",
  "QUERY_ACTIVITY_NOT_FOUND",
  "KEY_NOT_FOUND",
  "CONNECTION_NOT_FOUND",
  "MEMBER_NOT_FOUND",
] as const;

/** Answers 404 for a name with U+0000: nothing has such a name, and Postgres refuses the text. */
function noSuchName({ problems }: Pick<Call, "problems">): Response {
  const code = notFoundCodes.find((one) => problems[one] !== undefined) ?? "NOT_FOUND";
  return problem(code, "No name has U+0000");
}

function headersOf(c: Context, shape: z.ZodObject): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(shape.shape).map((name) => [name, c.req.header(name)]));
}

function wrongQuery({ mistakes = {} }: Pick<Call, "mistakes">, { issues }: z.ZodError): Response {
  const [first] = issues;
  const known = mistakes[String(first?.path[0])];
  const detail = known?.detail ?? "See `errors` for what to change";
  return problem(known?.code ?? "INVALID_BODY", detail, { errors: issues.map(issueOf) });
}

function wrongHeader({ issues }: z.ZodError): Response {
  const name = String(issues[0]?.path[0]);
  return problem("INVALID_BODY", `The ${name} header is not valid`, { errors: issues.map(issueOf) });
}
