import { everywhere, onPages, pagePolicy } from "#api/security-headers.ts";

/**
 * The file `_headers`, by which Cloudflare gives the static files the headers that the Worker gives its own answers (D57).
 * Nobody may frame them: who may is a setting of the Worker, so a page to be framed has to be answered by it.
 */
export function headersFile(): string {
  const all = { ...everywhere, ...onPages, "Content-Security-Policy": pagePolicy([]) };
  return rule("/*", all) + rule("/assets/*", { "Cache-Control": "public, max-age=31536000, immutable" });
}

function rule(path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
  return `${path}\n${lines.join("")}`;
}
