import type { Owners } from "./access/things.ts";

/** Parts of a path and values of a query that nobody sends by accident, as they stand in an address. */
export function hostileTexts({ foreigner, outsider }: Owners): string[] {
  return [
    "..",
    ".",
    "%2e%2e%2f%2e%2e%2fhealthz",
    "..%5c..%5c",
    "%00",
    "x%00",
    "%ff",
    "%",
    "%E2%80%AE",
    "%F0%9F%98%80",
    "__proto__",
    "constructor",
    "toString",
    "'%3B--",
    "%27%20or%201%3D1--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%0d%0aset-cookie:%20a=b",
    "a".repeat(6000),
    "%25".repeat(500),
    "-1",
    "0",
    "1e309",
    "NaN",
    "9".repeat(400),
    "",
    "%20",
    "null",
    "[]",
    "2026-02-30T00:00:00.000Z_x",
    `9999-12-31T23:59:59.999Z_${"f".repeat(30)}`,
    "0x1",
    ...[...Object.values(foreigner.things), ...Object.values(outsider.things)].map(encodeURIComponent),
    foreigner.tenant,
    foreigner.sub,
    String(foreigner.eid),
  ];
}

/** Values for any member of a body. */
export const hostileValues: readonly unknown[] = [
  null,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  true,
  "",
  "\0",
  "\ud800",
  "\u202e",
  "a".repeat(300_000),
  [],
  {},
  [[]],
  "__proto__",
  { toString: 1 },
  ["\0"],
  ["\ud800"],
  "'; drop table sqe.runs; --",
  "<script>",
];

/** Texts in the place of a body, or around one. */
export function hostileBodies(body: object): string[] {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  return [
    "",
    "null",
    "[]",
    "1",
    '"x"',
    "{",
    "\ufeff{}",
    "{}\0",
    '{"__proto__":{"a":1}}',
    '{"constructor":{"a":1}}',
    JSON.stringify(body).replace(/\}$/, ',"__proto__":{"isAdmin":true}}'),
    JSON.stringify({ ...body, tenantId: "x" }),
    deep,
    `{"a":${deep}}`,
    '{"a":1e999}',
  ];
}

/** Types that a body is not of. */
export const hostileTypes = [
  "text/plain",
  "application/xml",
  "multipart/form-data; boundary=x",
  "application/json; charset=utf-16",
  "x",
];

/** Values of headers and cookies; the bytes of a header are Latin-1. */
export function hostileHeaders({ foreigner }: Owners): string[] {
  return ["-1", "1, 2", "9".repeat(400), "*", 'W/"x"', "\u00ff", "a".repeat(6000), foreigner.things.run, "wait=-1"];
}

/** What is no cookie of ours. */
export const hostileCookies = [
  "x",
  "a.b.c.d.e",
  "..",
  "%00",
  "%",
  "\u00ff",
  "a".repeat(7000),
  "eyJhbGciOiJkaXIifQ....",
  ".".repeat(4000),
];

/** Addresses of static files that lead somewhere else. */
export const hostileFiles = [
  "/client/../wrangler.toml",
  "/client/%2e%2e/wrangler.toml",
  "/client/..%2f..%2fwrangler.toml",
  "/client/%ff",
  "/docs/..%5c..%5cx",
  "/docs/%00",
  "/client//sqe.js",
  "/assets/%2e%2e%2f%2e%2e%2f.dev.vars",
  "/_headers",
  "/.dev.vars",
  "/wrangler.toml",
  "/runs/..%2f..%2fsettings",
  "/frame/..%2f.dev.vars",
  "/settings/../.dev.vars",
  "//evil.example/%2e%2e",
];
