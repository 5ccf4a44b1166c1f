import type { Context } from "hono";
import type { AppEnv } from "../app-types.ts";
import { problem } from "../problem.ts";

/**
 * Refuses what a cookie would allow, unless a page of our own asks for it: browsers send the session's cookie with requests of
 * any page, because it has to work in frames. Changes are JSON alone, because forms of other sites cannot send it. Reading is refused to
 * pages of others, too: they cannot see the answer, but it costs calls, and takes a time that tells something.
 *
 * @returns undefined when it may go on
 */
export function refuseOtherPages(c: Context<AppEnv>): Response | undefined {
  const { method, headers, url } = c.req.raw;
  if (method === "GET" || method === "HEAD") return isOfAnotherSite(headers) ? refused() : undefined;
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json" || (type === undefined && method === "DELETE");
  if (isJson && isOwn(headers, new URL(url).origin)) return undefined;
  return refused();
}

const refused = () =>
  problem("FORBIDDEN", "A session is for pages of this service alone, which change things by JSON alone");

/** Whether a page of another site asks. For an address that a person typed, browsers send `none`, which is allowed. */
function isOfAnotherSite(headers: Headers): boolean {
  return ["cross-site", "same-site"].includes(headers.get("sec-fetch-site") ?? "");
}

/**
 * Refuses a page of another site. For a call that sets a cookie and needs none: such a page could sign a visitor in as
 * somebody else. A program keeps no cookies and sends none of the headers that a page does, so it may go on.
 *
 * @returns undefined when it may go on
 */
export function refuseForeignPages(c: Context<AppEnv>): Response | undefined {
  const { headers, url } = c.req.raw;
  return isForeign(headers, new URL(url).origin)
    ? problem("FORBIDDEN", "Only pages of this service and programs may ask for the outcome of a sign-in")
    : undefined;
}

/** Whether a page of ours asks. Every browser of today sends one of the two headers. */
function isOwn(headers: Headers, ours: string): boolean {
  return (headers.has("sec-fetch-site") || headers.has("origin")) && !isForeign(headers, ours);
}

/** Whether a page of another origin asks. Where both headers are sent, both have to be ours. */
function isForeign(headers: Headers, ours: string): boolean {
  const [site, origin] = [headers.get("sec-fetch-site"), headers.get("origin")];
  return (site !== null && site !== "same-origin") || (origin !== null && origin !== ours);
}
