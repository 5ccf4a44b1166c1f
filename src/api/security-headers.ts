/** What every answer carries, a page or data: of the Worker and, by `_headers`, of the static files. */
export const everywhere: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // Browsers heed it over HTTPS only, so that a local stack is not concerned.
  "Strict-Transport-Security": "max-age=31536000",
};

/** What every page and static file carries besides. */
export const onPages: Readonly<Record<string, string>> = { "Permissions-Policy": "clipboard-write=(self)" };

/** The policy of an answer that is data: a browser that shows it as a page loads, runs and frames nothing. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Where a sign-in form may lead: Marketing Cloud's sign-in is reached by a redirect, which browsers hold against the form. */
const signInHosts = "https://*.auth.marketingcloudapis.com";

/**
 * The policy of a page: scripts, styles and calls of our own alone, and no text becomes HTML.
 *
 * @param framedBy the origins whose pages may frame it; none: nobody may
 * @param formsTo an origin that forms may lead to besides Marketing Cloud's: that of a stand-in
 */
export function pagePolicy(framedBy: readonly string[], formsTo?: string): string {
  const forms = formsTo === undefined ? signInHosts : `${signInHosts} ${formsTo}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    `form-action 'self' ${forms}`,
    `frame-ancestors ${framedBy.length === 0 ? "'none'" : ["'self'", ...framedBy].join(" ")}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
