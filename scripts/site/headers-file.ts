import { everywhere, onPages, pagePolicy } from "#api/security-headers.ts";

/**
 * The file `_headers`, by which Cloudflare gives the static files the headers that the Worker gives its own answers (D57).
 * Nobody may frame them: who may is a setting of the Worker, so the page to be framed is answered by it (D67).
 */
export function headersFile(): string {
  const all = { ...everywhere, ...onPages, "Content-Security-Policy": pagePolicy([]) };
  const hashed = { "Cache-Control": "public, max-age=31536000, immutable" };
  // A page of another origin imports the client from here. It is no secret, and brings no cookie.
  const forAll = { "Access-Control-Allow-Origin": "*" };
  return rule("/*", all) + rule("/assets/*", hashed) + rule("/client/*", forAll);
}

function rule(path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
  return `${path}\n${lines.join("")}`;
}
