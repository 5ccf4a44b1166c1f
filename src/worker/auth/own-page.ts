import type { Context } from "hono";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";

/**
 * Refuses a change that a cookie would allow, unless a page of our own asks for it: browsers send the session's cookie
 * whoever asks, because it has to work in frames. JSON alone, because forms of other sites cannot send it.
 *
 * @returns undefined when it may go on
 */
export function refuseOtherPages(c: Context<AppEnv>): Response | undefined {
  const { method, headers, url } = c.req.raw;
  if (method === "GET" || method === "HEAD") return undefined;
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json" || (type === undefined && method === "DELETE");
  if (isJson && isOwn(headers, new URL(url).origin)) return undefined;
  return problem("FORBIDDEN", "With a session, only pages of this service may change things, and by JSON alone");
}

/** Both have to agree where both are sent; a browser that sends neither is not one of today's. */
function isOwn(headers: Headers, ours: string): boolean {
  const [site, origin] = [headers.get("sec-fetch-site"), headers.get("origin")];
  if (site === null && origin === null) return false;
  return (site === null || site === "same-origin") && (origin === null || origin === ours);
}
