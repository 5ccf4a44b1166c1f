import { expect, it } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import type { RunView } from "#run/view.ts";
import { allCalls } from "#api/all-calls.ts";
import { app } from "../../src/worker/app.ts";
import { ask, askUnchecked, bodyOf, post } from "./support/api.ts";
import { readDocument } from "./support/contract.ts";
import { alice, bindings, stranger, tokenOf } from "./support/people.ts";
import { breakDown } from "./support/stand-ins.ts";

const nobody = { headers: { authorization: "" } };

type Answers = Record<string, { headers?: Record<string, { required?: boolean }>; "x-codes"?: string[] }>;

const { paths } = await readDocument();

/** What the document says of an operation's answers, by status. */
function described(method: string, path: string): Answers {
  return paths[path]?.[method.toLowerCase()]?.responses ?? {};
}

/** The headers an answer has and those it is described with, of the ones a client acts on. */
function headersOf(method: string, path: string, { status, headers }: Response) {
  const { headers: known = {} } = described(method, path)[status] ?? {};
  const sent = ["Location", "ETag", "Retry-After"].filter((name) => headers.has(name));
  return { answer: `${method} ${path} ${status}`, sent, described: Object.keys(known) };
}

/** Pages for people, and what only the console of a development server asks. */
const pages = new Set([
  "/runs/:id",
  "/settings",
  "/frame",
  "/t/:slug",
  ...["login", "callback", "account", "confirm", "confirmed", "denied", "signed-in", "signed-out", "sandbox"].map(
    (name) => `/auth/${name}`,
  ),
]);

it("/auth/sandbox is not there where nobody has given the Worker a token", async () => {
  for (const method of ["GET", "POST"]) {
    const answer = await askUnchecked("/auth/sandbox", { method });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "NOT_FOUND"]);
  }
});

it("openapi.json describes every public route, and nothing else but itself", () => {
  const served = app.routes
    .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/bridge/") && !pages.has(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, "{$1}")}`);
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.sort()).toEqual([...new Set([...served, "GET /openapi.json"])].sort());
  expect(allCalls.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(told);
});

it("openapi.json tells the Location and the ETag of a run", async () => {
  const submitted = await post("/v1/runs", { sql: "SELECT 1 AS A" });
  const { id } = await bodyOf<RunView>(submitted);
  const read = await ask(`/v1/runs/${id}`);
  const known = await ask(`/v1/runs/${id}`, { headers: { "if-none-match": read.headers.get("etag") ?? "" } });
  const canceled = await post(`/v1/runs/${id}/cancel`, "");
  const again = await post(`/v1/runs/${id}/cancel`, "");
  const seen = [
    headersOf("POST", "/v1/runs", submitted),
    headersOf("GET", "/v1/runs/{id}", read),
    headersOf("GET", "/v1/runs/{id}", known),
    headersOf("POST", "/v1/runs/{id}/cancel", canceled),
    headersOf("POST", "/v1/runs/{id}/cancel", again),
  ];
  expect(seen.map(({ answer, described: told }) => [answer, told])).toEqual([
    ["POST /v1/runs 202", ["Location", "ETag"]],
    ["GET /v1/runs/{id} 200", ["ETag"]],
    ["GET /v1/runs/{id} 304", ["ETag"]],
    ["POST /v1/runs/{id}/cancel 202", ["ETag"]],
    ["POST /v1/runs/{id}/cancel 200", ["ETag"]],
  ]);
  for (const { sent, described: told } of seen) expect(sent).toEqual(told);
});

it.each([
  ["GET", "/v1/runs"],
  ["GET", "/v1/runs/{id}"],
  ["GET", "/v1/runs/{id}/events"],
  ["GET", "/v1/runs/{id}/results"],
  ["POST", "/v1/runs/{id}/cancel"],
])("openapi.json tells that %s %s may be UNAVAILABLE, and when to ask again", async (method, path) => {
  const person = stranger();
  await breakDown("postgres", person.sub);
  const answer = await ask(path.replace("{id}", "0".repeat(30)), { method }, person);
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([503, "UNAVAILABLE"]);
  expect(described(method, path)[503]?.["x-codes"]).toContain("UNAVAILABLE");
  expect(headersOf(method, path, answer)).toMatchObject({ sent: ["Retry-After"], described: ["Retry-After"] });
});

it.each([
  ["GET", "/v1/runs"],
  ["POST", "/v1/runs"],
  ["GET", "/v1/runs/{id}"],
  ["GET", "/v1/runs/{id}/events"],
  ["GET", "/v1/runs/{id}/results"],
  ["POST", "/v1/runs/{id}/cancel"],
  ["POST", "/v1/sql/check"],
])("openapi.json tells that %s %s is not for operators", async (method, path) => {
  const claims = { role: "operator", tenant: undefined, connection: undefined };
  const headers = { authorization: `Bearer ${await tokenOf(alice, { claims })}` };
  const answer = await ask(path.replace("{id}", "0".repeat(30)), { method, headers });
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  expect(described(method, path)[403]?.["x-codes"]).toContain("FORBIDDEN");
});

it("openapi.json tells when to ask again wherever an answer is 429 or 503", () => {
  const passing = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) =>
      Object.entries(described(method, path))
        .filter(([status]) => status === "429" || status === "503")
        .map(([status, { headers = {} }]) => [`${method} ${path} ${status}`, Object.keys(headers)]),
    ),
  );
  expect(passing.filter(([, headers]) => headers?.[0] !== "Retry-After")).toEqual([]);
});

it("GET /healthz answers to everybody", async () => {
  expect(await (await ask("/healthz", nobody)).json()).toEqual({ ok: true });
});

it("GET /healthz says 503 and what to do while the schema of the database is older than the Worker needs", async () => {
  // To this role the database looks like one whose migrations ended before the record could be read.
  const env = { ...bindings, DATABASE_URL: bindings["DATABASE_SYSTEM_URL"] };
  const answer = await app.request("https://edge.example/healthz", {}, env);
  expect(headersOf("GET", "/healthz", answer)).toMatchObject({ sent: ["Retry-After"], described: ["Retry-After"] });
  const line = `Cannot start: the database lacks migration ${neededMigration}; run npm run migrate first`;
  expect([answer.status, (await bodyOf(answer)).detail]).toEqual([503, line]);
});

it.each(Object.keys(paths).filter((path) => path.startsWith("/v1/")))("%s wants a token", async (path) => {
  for (const method of ["GET", "POST"]) {
    const answer = await ask(path.replace("{id}", "0".repeat(30)), { method, ...nobody });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([401, "UNAUTHENTICATED"]);
  }
});

const named = allCalls.filter(({ params }) => params !== undefined);

it.each(named.map(({ method, path }) => [method.toUpperCase(), path]))(
  "%s %s finds nothing that is called U+0000",
  async (method, path) => {
    const headers = {
      authorization: `Bearer ${await tokenOf(alice, { claims: { role: "administrator" } })}`,
      "content-type": "application/json",
    };
    const init = method === "GET" || method === "DELETE" ? { method, headers } : { method, headers, body: "{}" };
    const answer = await askUnchecked(path.replace(/\{\w+\}/, "x%00y"), init);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual(
      path.endsWith("/decision") ? [403, "FORBIDDEN"] : [404, expect.stringMatching(/NOT_FOUND$/)],
    );
  },
);

it("an address that is not there is a problem too", async () => {
  const answer = await ask("/v2/runs");
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "NOT_FOUND"]);
});
