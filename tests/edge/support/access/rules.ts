import type { Scope } from "#protocol/scope.ts";

/** What stands for a part of a path, and belongs to somebody. */
export type Thing = "run" | "key" | "connection" | "member";

/**
 * Whom a request is for: who has a scope, any user, a user whose credential is no short-lived token, an administrator, an
 * operator, somebody with a session in a page of ours, any page of ours, everybody but pages of others, everybody, or bridges.
 */
type Whom =
  | Scope
  | "user"
  | "own-credential"
  | "administrator"
  | "operator"
  | "session"
  | "page"
  | "not-other-pages"
  | "everybody"
  | "bridge";

/** One request, and what it is answered when the caller may make it. An answer is a status, with a code where it is a problem. */
export type Ask = {
  for: Whom;
  yes: string;
  /** The thing in its path, and the answer to somebody whom it does not exist for. */
  of?: Thing;
  no?: string;
  /** A second scope that it needs. */
  besides?: Scope;
  /** It works in Marketing Cloud, as the caller's connection allows. */
  unit?: true;
  query?: string;
  body?: object;
};

const sql = "SELECT TOP 1 CustomerKey FROM Customers";
const run = { of: "run", no: "404 RUN_NOT_FOUND" } as const;

/**
 * Who may what: every address of the Worker, as somebody wrote it down who did not look at the descriptions in `src/api`. Words
 * after the path tell requests to one address apart.
 */
export const asks: Readonly<Record<string, Ask>> = {
  "POST /v1/runs": { for: "runs:write", yes: "202", unit: true, body: { sql } },
  "POST /v1/runs into a table": {
    for: "runs:write",
    besides: "runs:target",
    yes: "202",
    unit: true,
    body: { sql, target: { customerKey: "Nowhere", mode: "append" } },
  },
  "GET /v1/runs": { for: "runs:read", yes: "200" },
  "GET /v1/runs/{id}": { for: "runs:read", yes: "200", ...run },
  "GET /v1/runs/{id} with its trace": { for: "runs:read", yes: "200", ...run, query: "debug=1" },
  "GET /v1/runs/{id}/events": { for: "runs:read", yes: "200", ...run },
  "GET /v1/runs/{id}/results": { for: "runs:read", yes: "409 RUN_NOT_READY", ...run },
  "DELETE /v1/runs/{id}/results": { for: "runs:write", yes: "409 RUN_NOT_READY", ...run },
  "POST /v1/runs/{id}/cancel": { for: "runs:write", yes: "200", ...run },
  "POST /v1/sql/check": { for: "tables:read", yes: "200", unit: true, body: { sql, validate: false } },
  "GET /v1/sql/functions": { for: "user", yes: "200" },
  "GET /v1/sql/data-views": { for: "user", yes: "200" },
  "GET /v1/tables": { for: "tables:read", yes: "200", unit: true, query: "limit=1" },
  "GET /v1/folders": { for: "tables:read", yes: "200", unit: true },
  "GET /v1/tables/{name}/fields": { for: "tables:read", yes: "200", unit: true },
  "GET /v1/tables/{name}/rows": { for: "tables:read", yes: "200", unit: true },
  "GET /v1/query-activities": { for: "tables:read", yes: "200", unit: true, query: "limit=1" },
  "GET /v1/query-activities/{key}": { for: "tables:read", yes: "404 QUERY_ACTIVITY_NOT_FOUND", unit: true },
  "GET /v1/me": { for: "user", yes: "200", unit: true },
  "GET /v1/keys": { for: "own-credential", yes: "200" },
  "POST /v1/keys": { for: "own-credential", yes: "201", body: { name: "asked for" } },
  "DELETE /v1/keys/{id}": { for: "own-credential", yes: "204", of: "key", no: "404 KEY_NOT_FOUND" },
  "POST /v1/tokens": { for: "user", yes: "201", body: {} },
  "GET /v1/tenant": { for: "user", yes: "200" },
  "PATCH /v1/tenant": { for: "administrator", yes: "200", body: {} },
  "GET /v1/members": { for: "administrator", yes: "200" },
  "PATCH /v1/members/{id}": {
    for: "administrator",
    yes: "200",
    of: "member",
    no: "404 MEMBER_NOT_FOUND",
    body: { active: true },
  },
  "GET /v1/connections": { for: "administrator", yes: "200" },
  // Who is let in is told what is missing.
  "POST /v1/connections": { for: "administrator", yes: "422 INVALID_BODY", body: {} },
  "PATCH /v1/connections/{id}": {
    for: "administrator",
    yes: "200",
    of: "connection",
    no: "404 CONNECTION_NOT_FOUND",
    body: { name: "changed" },
  },
  "DELETE /v1/connections/{id}": {
    for: "administrator",
    yes: "204",
    of: "connection",
    no: "404 CONNECTION_NOT_FOUND",
  },
  "GET /v1/audit": { for: "administrator", yes: "200" },
  // What its tools let whom do is in mcp-access.long.test.ts.
  "POST /mcp": { for: "mcp", yes: "422 INVALID_BODY", body: {} },
  "POST /auth/business-unit": { for: "session", yes: "200", body: { mid: 7000001 } },
  "POST /auth/logout": { for: "page", yes: "200", body: {} },
  "POST /auth/handoffs": { for: "everybody", yes: "201", body: {} },
  "POST /auth/handoffs/{id}": { for: "not-other-pages", yes: "202" },
  "POST /auth/handoffs/{id} without its secret": {
    for: "not-other-pages",
    yes: "404 NOT_FOUND",
    body: { secret: "guessed" },
  },
  "POST /auth/handoffs/{id}/decision": { for: "session", yes: "200", body: { confirm: "no" } },
  "POST /v1/admin/sweep": { for: "operator", yes: "202" },
  "GET /v1/admin/status": { for: "operator", yes: "200" },
  "GET /healthz": { for: "everybody", yes: "200" },
  "GET /openapi.json": { for: "everybody", yes: "200" },
  "POST /bridge/runs/{id}/claim": { for: "bridge", yes: "", body: {} },
  "POST /bridge/runs/{id}/grant": { for: "bridge", yes: "", body: {} },
  "POST /bridge/runs/{id}/transitions": { for: "bridge", yes: "", body: {} },
  "POST /bridge/runs/{id}/alive": { for: "bridge", yes: "", body: {} },
};
