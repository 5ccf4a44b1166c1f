import { beforeAll, expect, it } from "vitest";
import type { RunView } from "#run/view.ts";
import { runSql } from "../../src/worker/mcp/run-sql.ts";
import { tools } from "../../src/worker/mcp/tools.ts";
import type { OwnApi } from "../../src/worker/mcp/own-api.ts";
import { ask, bodyOf } from "./support/api.ts";
import { rowsAsOwner } from "./support/owner.ts";
import { alice, carol, stranger, tokenOf, type Person } from "./support/people.ts";

// What gets in is in tests/flow/mcp.test.ts: here the SDK would be made ready module by module, for half a minute.
beforeAll(() => rowsAsOwner("update sqe.tenants set mcp = true where id = $1", [alice.tenant]));

/** One message, as a client of any revision sends it. */
async function send(message: unknown, person: Person, claims: object = {}, more: Record<string, string> = {}) {
  const headers = {
    authorization: `Bearer ${await tokenOf(person, { claims: { ...claims } })}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...more,
  };
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const answer = await ask("/mcp", { method: "POST", headers, body }, person);
  return [answer.status, await bodyOf<object>(answer)];
}

const list = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
const isOff = { code: "FORBIDDEN", detail: expect.stringContaining("Assistants are turned off") };

it("POST /mcp wants a token with the scope mcp, of a tenant that has assistants turned on", async () => {
  const scopes = ["runs:read", "runs:write", "tables:read"];
  expect([
    await send(list, alice, {}, { authorization: "" }),
    await send(list, stranger(), { scopes }),
    await send(list, carol),
  ]).toMatchObject([
    [401, { code: "UNAUTHENTICATED" }],
    [403, { code: "FORBIDDEN", missing: "mcp" }],
    [403, isOff],
  ]);
});

it("POST /mcp takes messages of JSON-RPC of at most 1 MB", async () => {
  const person = stranger();
  const long = `{"jsonrpc":"2.0","x":"${"x".repeat(1_000_000)}"}`;
  const seen = await Promise.all(["{", "7", "{}", "[]", long].map((text) => send(text, person)));
  expect(seen).toMatchObject([
    [400, { code: "INVALID_JSON" }],
    [422, { code: "INVALID_BODY" }],
    [422, { code: "INVALID_BODY" }],
    [422, { code: "INVALID_BODY" }],
    [413, { code: "TOO_LARGE" }],
  ]);
});

it.each(["GET", "DELETE"])("%s /mcp says that there are no sessions", async (method) => {
  const { status, headers } = await ask("/mcp", { method });
  expect([status, headers.get("allow")]).toEqual([405, "POST"]);
});

it("a page of another origin may not use the tools, whatever token it has", async () => {
  const from = (origin: string) => send(list, carol, {}, { origin });
  expect(await from("https://evil.example")).toMatchObject([403, { detail: expect.stringContaining("this origin") }]);
  // Its tenant is asked next.
  for (const origin of ["http://localhost:6274", "https://edge.example"])
    expect(await from(origin)).toMatchObject([403, isOff]);
});

it("a tool's address is made of nothing that leads elsewhere", async () => {
  const of = (name: string) => tools.find((tool) => tool.name === name) ?? expect.unreachable();
  for (const name of ["get_run", "read_page", "cancel_run"])
    for (const id of ["..", ".", "../tenant", "%2e%2e", "", "0".repeat(31)])
      expect([name, id, of(name).input.safeParse({ id }).success]).toEqual([name, id, false]);
  for (const name of ["..", ".", ""]) expect(of("describe_table").input.safeParse({ name }).success).toBe(false);
  const asked: string[] = [];
  const api: OwnApi = async ({ path }) => {
    asked.push(new URL(path, "https://edge.example").pathname);
    return Response.json({});
  };
  const rest = { platform: { monotonic: () => 0 }, tell: async () => {}, signal: new AbortController().signal };
  for (const name of ["a/../../x", "\ud800", "?q#f"]) await of("describe_table").answer({ api, ...rest }, { name });
  expect(asked).toEqual(["a%2F..%2F..%2Fx", "%EF%BF%BD", "%3Fq%23f"].map((name) => `/v1/tables/${name}/fields`));
});

it("run_sql answers after 50 s with the id of a run that is not over", async () => {
  const person = stranger();
  const api: OwnApi = ({ method = "GET", path, query = {}, body, headers }) => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const init = { method, headers: { ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return ask(`${path}?${search.toString()}`, init, person);
  };
  // Nothing takes jobs here. The clock stands a second before the end when the wait begins.
  const times = [0, 49_400, 49_400];
  const platform = { monotonic: () => times.shift() ?? 50_001 };
  const seen: RunView[] = [];
  const tell = async (view: RunView) => void seen.push(view);
  const answer = await runSql(api, { sql: "SELECT 1 AS A" }, { platform, tell, signal: new AbortController().signal });
  const [{ id } = { id: "" }] = seen;
  expect(seen.map(({ status }) => status)).toEqual(["queued"]);
  expect([answer.isError, JSON.parse(answer.content[0]?.text ?? "")]).toMatchObject([
    undefined,
    { id, status: "queued", next: `Not over yet: call get_run with id "${id}"` },
  ]);
});
