import { expect, test } from "vitest";
import { SqeError } from "#client/sqe-error.ts";
import { clientOf, problem, runView } from "./support/served.ts";

const sql = "SELECT 1 AS A";

test("run() sends the query with its options, a bearer token and an Idempotency-Key of its own", async () => {
  const { client, asked } = clientOf(() => Response.json(runView(), { status: 202 }));
  const run = await client.run(sql, { snippetName: "One", target: { customerKey: "K", mode: "append" }, total: true });
  expect(run.state).toEqual(runView());
  expect(asked).toMatchObject([
    {
      method: "POST",
      path: "/v1/runs",
      body: { sql, snippetName: "One", target: { customerKey: "K", mode: "append" }, total: true },
    },
  ]);
  expect(asked[0]?.headers.get("authorization")).toBe("Bearer t");
  expect(asked[0]?.headers.get("idempotency-key")).toBe("a-new-key");
});

test("run() repeats a lost answer, a 429 and a 503 with the same key, and waits as long as they ask", async () => {
  const answers = [
    new TypeError("fetch failed"),
    problem(429, "RATE_LIMITED", {}, { "retry-after": "60" }),
    problem(503, "UNAVAILABLE", {}, { "retry-after": "5" }),
    new Response("<html>", { status: 502 }),
    Response.json(runView(), { status: 202 }),
  ];
  const told: string[] = [];
  const { client, asked, waits } = clientOf((_, nth) => answers[nth - 1] ?? new TypeError(), {
    onRetry: ({ code }) => told.push(code),
  });
  await client.run(sql);
  expect(new Set(asked.map(({ headers }) => headers.get("idempotency-key")))).toEqual(new Set(["a-new-key"]));
  expect(waits).toEqual([250, 60_000, 5000, 2000]);
  expect(told).toEqual(["UNREACHABLE", "RATE_LIMITED", "UNAVAILABLE", "HTTP_502"]);
});

test("a call gives up when a wait would be longer than its patience, and says how long", async () => {
  const busy = () => problem(503, "MCE_BUSY", {}, { "retry-after": "11" });
  const { client, asked } = clientOf(busy, { patienceMs: 10_000 });
  const error = await client.runs().catch((it: unknown) => it);
  expect(error).toBeInstanceOf(SqeError);
  expect(error).toMatchObject({ code: "MCE_BUSY", status: 503, detail: "A detail", retryAfter: 11 });
  expect(asked).toHaveLength(1);
});

test("a server that cannot be reached is tried for 15 s, though a busy one is for 2 minutes", async () => {
  const reason = Object.assign(new TypeError("fetch failed"), { cause: new Error("connect ECONNREFUSED") });
  const { client, waits } = clientOf(() => reason);
  await expect(client.runs()).rejects.toMatchObject({
    code: "UNREACHABLE",
    status: 0,
    detail: "https://sqe.test does not answer: connect ECONNREFUSED",
  });
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000]);
});

test("a refusal is an SqeError with what the problem says; it is not repeated", async () => {
  const diagnostics = [{ code: "X", message: "No", line: 1, column: 2, endLine: 1, endColumn: 3 }];
  const { client, asked } = clientOf(() => problem(422, "SQL_REJECTED", { diagnostics, future: true }));
  await expect(client.run(sql)).rejects.toMatchObject({ code: "SQL_REJECTED", status: 422, diagnostics });
  const refused = clientOf(() => problem(502, "MCE_ERROR"));
  await expect(refused.client.folders()).rejects.toMatchObject({ code: "MCE_ERROR" });
  expect(refused.asked).toHaveLength(1);
  expect(asked).toHaveLength(1);
});

test("an answer that is no problem of the API has its status as code", async () => {
  const { client } = clientOf(() => new Response("<h1>Moved</h1>", { status: 404 }));
  await expect(client.runs()).rejects.toMatchObject({ code: "HTTP_404", status: 404 });
});

test("a signal ends a call with its reason, also while it waits to repeat", async () => {
  const leave = new AbortController();
  const reason = new Error("left");
  const { client } = clientOf(() => {
    leave.abort(reason);
    return problem(503, "UNAVAILABLE");
  });
  await expect(client.runs({ signal: leave.signal })).rejects.toBe(reason);
  await expect(client.check(sql, { signal: leave.signal })).rejects.toBe(reason);
});

test("a token may be asked for at each call; an error of its is not taken for the server's", async () => {
  let nth = 0;
  const { client, asked } = clientOf(() => Response.json({ runs: [] }), { token: async () => `t${(nth += 1)}` });
  await client.runs();
  await client.runs();
  expect(asked.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer t1", "Bearer t2"]);
  const broken = clientOf(() => Response.json({}), { token: () => Promise.reject(new Error("signed out")) });
  await expect(broken.client.runs()).rejects.toThrow("signed out");
});

test("names are written safely into paths, and options into the query", async () => {
  const { client, asked } = clientOf(() => Response.json({}));
  await client.fields("Ent.[a/b?] %", { refresh: true });
  await client.tables({ q: "VIP & co", kind: "shared", limit: 5 });
  await client.preview("Customers", 2);
  await client.queryActivity("k/1");
  await client.queryActivities({ q: "x" });
  await client.dataViews();
  await client.functions();
  await client.me();
  expect(asked.map(({ path }) => path)).toEqual([
    "/v1/tables/Ent.%5Ba%2Fb%3F%5D%20%25/fields?refresh=1",
    "/v1/tables?q=VIP%20%26%20co&kind=shared&limit=5",
    "/v1/tables/Customers/rows?page=2",
    "/v1/query-activities/k%2F1",
    "/v1/query-activities?q=x",
    "/v1/sql/data-views",
    "/v1/sql/functions",
    "/v1/me",
  ]);
});
