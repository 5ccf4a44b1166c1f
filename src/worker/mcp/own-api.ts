import type { Context } from "hono";
import type { AppEnv } from "../app-types.ts";

/** One request to the public API. */
type OwnRequest = {
  method?: "GET" | "POST";
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
};

/** The public API as the caller of a request sees it. */
export type OwnApi = (request: OwnRequest) => Promise<Response>;

/** What answers requests: the Worker itself. */
export type Answering = (request: Request, c: Context<AppEnv>) => Promise<Response>;

/**
 * Opens the public API for the credential of a request. A tool thereby passes every door that the call passes when it comes
 * from outside: scopes, limits, the audit log (D58).
 */
export function openOwnApi(answer: Answering, c: Context<AppEnv>): OwnApi {
  const { origin } = new URL(c.req.url);
  // Not its cookies: an assistant never works by a session.
  const credential = c.req.header("authorization") ?? "";
  return ({ method = "GET", path, query = {}, body, headers = {} }) => {
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const own = {
      ...headers,
      authorization: credential,
      traceparent: c.var.trace.traceparent,
      "content-type": "application/json",
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return answer(new Request(url, { method, headers: own, ...content }), c);
  };
}
