import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RunView } from "#run/view.ts";
import { app } from "../../src/worker/app.ts";
import { ask, bodyOf, Bridge, post, submit } from "./support/api.ts";
import { bob, stranger, tokenOf } from "./support/people.ts";
import { breakDown, jobsOf } from "./support/stand-ins.ts";

const append = { customerKey: "T", mode: "append" };

describe("POST /v1/runs", () => {
  it("answers 202 with Location, ETag and a queued run", async () => {
    const answer = await post("/v1/runs", { sql: "SELECT CustomerKey FROM Customers", snippetName: "Mine" });
    const run = await bodyOf<RunView>(answer);
    expect(answer.status).toBe(202);
    expect(run).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{30}$/),
      status: "queued",
      version: 1,
      flow: "run-to-temp",
      snippetName: "Mine",
    });
    expect(answer.headers.get("location")).toBe(`/v1/runs/${run.id}`);
    expect(answer.headers.get("etag")).toBe('"1"');
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["malformed JSON", "{sql:", 400, "INVALID_JSON"],
    ["an unknown field", { sql: "SELECT 1 AS A", colour: "red" }, 422, "INVALID_BODY"],
    ["no SQL", {}, 422, "INVALID_BODY"],
    ["SQL that is a number", { sql: 7 }, 422, "INVALID_BODY"],
    ["an array", [], 422, "INVALID_BODY"],
    ["a wrong target", { sql: "SELECT 1 AS A", target: { customerKey: "T", mode: "merge" } }, 422, "INVALID_BODY"],
    ["SQL over 100,000 characters", { sql: `SELECT '${"x".repeat(100_000)}' AS A` }, 413, "TOO_LARGE"],
    [
      "an unknown field of a target",
      { sql: "SELECT 1 AS A", target: { ...append, colour: "red" } },
      422,
      "INVALID_BODY",
    ],
    ["a target without a mode", { sql: "SELECT 1 AS A", target: { customerKey: "T" } }, 422, "INVALID_BODY"],
  ])("refuses %s, and queues nothing", async (_, body, status, code) => {
    const person = stranger();
    const answer = await post("/v1/runs", body, {}, person);
    expect(await jobsOf(person.sub)).toEqual([]);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      status,
      code,
      detail: expect.any(String),
      title: expect.any(String),
      type: expect.stringMatching(/^urn:/),
    });
  });

  it.each([
    ["snippetName", { snippetName: "a\0b" }],
    ["target.customerKey", { target: { customerKey: "Orders\0", mode: "append" } }],
  ])("refuses a %s that Postgres cannot store", async (path, rest) => {
    const person = stranger();
    const answer = await post("/v1/runs", { sql: "SELECT 1 AS A", ...rest }, {}, person);
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: "INVALID_BODY", errors: [{ path, message: expect.stringContaining("lone surrogate") }] },
    ]);
    expect(await jobsOf(person.sub)).toEqual([]);
  });

  it.each([
    ["empty SQL", "", 1, 1],
    ["only a comment", "-- nothing", 1, 1],
    ["two statements", "SELECT 1 AS A;\nSELECT 2 AS B", 2, 1],
    ["an INSERT", "INSERT INTO T SELECT 1 AS A", 1, 1],
    ["an UPDATE", "UPDATE T SET A = 1", 1, 1],
    ["a DELETE", "\n  DELETE FROM T", 2, 3],
    ["DDL", "DROP TABLE T", 1, 1],
    ["EXEC", "EXEC sp_who", 1, 1],
    ["an unterminated string", "SELECT 'abc AS A", 1, 8],
    ["an unterminated comment", "SELECT 1 AS A /* never", 1, 15],
    ["a column name with a NUL", "SELECT 1 AS [a\0b]", 1, 15],
  ])("refuses %s with line and column, and queues nothing", async (_, sql, line, column) => {
    const person = stranger();
    const answer = await post("/v1/runs", { sql }, {}, person);
    expect(answer.status).toBe(422);
    expect(await jobsOf(person.sub)).toEqual([]);
    expect(await answer.json()).toMatchObject({
      code: "SQL_REJECTED",
      diagnostics: [expect.objectContaining({ line, column, message: expect.any(String) })],
    });
  });

  it.each([
    ["a name that is none", { name: "a b", type: "text", value: "v" }, "parameters.0.name"],
    ["a type that is none", { name: "a", type: "int", value: 1 }, "parameters.0.type"],
    ["a value that is none of its type", { name: "a", type: "date", value: "Kanarie" }, "parameters.0.value"],
    ["an unknown member", { name: "a", type: "text", value: "Kanarie", as: 1 }, "parameters.0"],
  ])("refuses %s as a parameter, without repeating its value", async (_what, parameter, path) => {
    const answer = await post("/v1/runs", { sql: "SELECT @a AS x", parameters: [parameter] });
    const body = await bodyOf<{ code: string; errors: { path: string }[] }>(answer);
    expect([answer.status, body.code, body.errors[0]?.path]).toEqual([422, "INVALID_BODY", path]);
    expect(JSON.stringify(body)).not.toContain("Kanarie");
  });

  it("writes parameters into the SQL that the bridge gets; another value is another request", async () => {
    const parameters = (value: string) => [{ name: "who", type: "text", value }];
    const sql = "SELECT CustomerKey FROM Customers WHERE CustomerKey = @who";
    const headers = { "idempotency-key": crypto.randomUUID() };
    const answer = await post("/v1/runs", { sql, parameters: parameters("O'Hara"), total: true }, headers);
    const { id } = await bodyOf<RunView>(answer);
    const claim = await new Bridge(id).claim();
    expect(claim.spec).toMatchObject({ sql: sql.replace("@who", "N'O''Hara'"), total: true });
    const other = await post("/v1/runs", { sql, parameters: parameters("x"), total: true }, headers);
    expect((await bodyOf<{ code: string }>(other)).code).toBe("IDEMPOTENCY_MISMATCH");
    const rejected = await post("/v1/runs", { sql: `${sql} AND x = @nobody`, parameters: parameters("Kanarie") });
    const body = await bodyOf<{ code: string; diagnostics: unknown[] }>(rejected);
    expect(body).toMatchObject({
      code: "SQL_REJECTED",
      diagnostics: [{ code: "PARAMETER_WITHOUT_VALUE", column: 68 }],
    });
    expect(JSON.stringify(body)).not.toContain("Kanarie");
  });

  it("refuses bytes that are not UTF-8, which would change a literal", async () => {
    const latin1 = Uint8Array.from('{"sql":"SELECT \'caf\u00e9\' AS A"}', (char) => char.charCodeAt(0));
    const answer = await ask("/v1/runs", { method: "POST", body: latin1 });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([400, "INVALID_JSON"]);
  });

  it("reads no more of a body than a query can have", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(32));
        if (pulled > 1000) controller.close();
      },
    });
    const answer = await ask("/v1/runs", { method: "POST", body: endless });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([413, "TOO_LARGE"]);
    expect(pulled).toBeLessThan(100);
  });

  it("accepts 60 submissions a minute from one user where limits are on", async () => {
    const authorization = `Bearer ${await tokenOf(stranger())}`;
    const init = { method: "POST", body: "{", headers: { authorization } };
    const submitLimited = async () => {
      const request = new Request("https://edge.example/v1/runs", init);
      return (await app.fetch(request, { ...env, SQE_LIMITS: "on" }, createExecutionContext())).status;
    };
    let taken = 0;
    while ((await submitLimited()) === 400 && taken <= 120) taken += 1;
    expect(await submitLimited()).toBe(429);
    expect(taken).toBeGreaterThanOrEqual(60);
    // The minute may have ended meanwhile, which gives another sixty.
    expect(taken).toBeLessThanOrEqual(120);
  });

  it("reports that the caller's connection cannot be looked up, and queues nothing", async () => {
    const person = { ...stranger(), connection: crypto.randomUUID() };
    await breakDown("postgres", person.connection);
    const answer = await post("/v1/runs", { sql: "SELECT 1 AS A" }, {}, person);
    expect([answer.status, (await bodyOf(answer)).code, answer.headers.get("retry-after")]).toEqual([
      503,
      "UNAVAILABLE",
      "5",
    ]);
    expect(await jobsOf(person.sub)).toEqual([]);
  });

  it("cuts a trailing semicolon with a note", async () => {
    const run = await submit("SELECT CustomerKey FROM Customers; -- done");
    expect(run.notes).toHaveLength(1);
  });
});

describe("Idempotency-Key", () => {
  it("returns the same run for the same request, a problem for another, and belongs to one user", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await bodyOf<RunView>(await post("/v1/runs", { sql: "SELECT 1 AS A" }, headers));
    const again = await post("/v1/runs", { sql: "SELECT 1 AS A" }, headers);
    expect([again.status, (await bodyOf<RunView>(again)).id]).toEqual([202, first.id]);
    const other = await post("/v1/runs", { sql: "SELECT 2 AS A" }, headers);
    expect([other.status, (await bodyOf(other)).code]).toEqual([422, "IDEMPOTENCY_MISMATCH"]);
    const bobs = await bodyOf<RunView>(await post("/v1/runs", { sql: "SELECT 1 AS A" }, headers, bob));
    expect(bobs.id).not.toBe(first.id);
  });

  it("belongs to one business unit: the same key in another unit is another run, of that unit", async () => {
    const person = stranger();
    const elsewhere = { ...person, mid: 7_000_011 };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const body = { sql: "SELECT 1 AS A" };
    const ids: string[] = [];
    for (const who of [person, elsewhere, person, elsewhere]) {
      ids.push((await bodyOf<RunView>(await post("/v1/runs", body, headers, who))).id);
    }
    const [first, second] = ids;
    expect(ids).toEqual([first, second, first, second]);
    expect(second).not.toBe(first);
    // Another query under the key of the other business unit is not a mismatch either.
    const third = { ...headers, "idempotency-key": crypto.randomUUID() };
    expect((await post("/v1/runs", body, third, person)).status).toBe(202);
    expect((await post("/v1/runs", { sql: "SELECT 2 AS A" }, third, elsewhere)).status).toBe(202);
    await expect.poll(async () => (await jobsOf(person.sub)).length).toBe(4);
    const units = (await jobsOf(person.sub)).map(({ runId, mid }) => [runId, mid]);
    expect(units).toEqual(
      expect.arrayContaining([
        [first, person.mid],
        [second, 7_000_011],
      ]),
    );
  });

  it("makes one run of two requests at once", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const both = await Promise.all([
      post("/v1/runs", { sql: "SELECT 1 AS A" }, headers),
      post("/v1/runs", { sql: "SELECT 1 AS A" }, headers),
    ]);
    const runs = await Promise.all(both.map((answer) => bodyOf<RunView>(answer)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
  });

  it("refuses a key that no header can carry safely", async () => {
    const answer = await post("/v1/runs", { sql: "SELECT 1 AS A" }, { "idempotency-key": "a b" });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
  });
});
