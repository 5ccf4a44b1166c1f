import { beforeAll, expect, it } from "vitest";
import { admin } from "./support/admin.ts";
import { ask, askUnchecked, bodyOf } from "./support/api.ts";
import { alice, carol, stranger, tokenOf, type Person } from "./support/people.ts";

beforeAll(() => admin("update sqe.tenants set mcp = true where id = $1", [alice.tenant]));

/** One message of the protocol, as a client of any revision sends it. */
async function send(message: unknown, person: Person, claims: Record<string, unknown> = {}, more: HeadersInit = {}) {
  const headers = {
    authorization: `Bearer ${await tokenOf(person, { claims })}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...more,
  };
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const answer = await askUnchecked("/mcp", { method: "POST", headers, body }, person);
  return answer;
}

const request = (method: string, params: object = {}) => ({ jsonrpc: "2.0", id: 1, method, params });

/** Calls a tool, and reads what it tells. */
async function use(name: string, args: object, person: Person, claims: Record<string, unknown>) {
  const answer = await send(request("tools/call", { name, arguments: args }), person, claims);
  const data = /^data: (\{.*)$/m.exec(await answer.text())?.[1] ?? "{}";
  const { result } = JSON.parse(data) as { result: { isError?: boolean; content: [{ text: string }] } };
  return { isError: result.isError ?? false, body: JSON.parse(result.content[0].text) as object };
}

it("POST /mcp wants a token with the scope mcp, of a tenant that has assistants turned on", async () => {
  const list = request("tools/list");
  const refused = [
    await ask("/mcp", { method: "POST", headers: { authorization: "" } }),
    await send(list, stranger(), { scopes: ["runs:read", "runs:write", "tables:read"] }),
    await send(list, carol),
  ];
  const told = await Promise.all(refused.map(async (answer) => [answer.status, await bodyOf<object>(answer)]));
  expect(told).toMatchObject([
    [401, { code: "UNAUTHENTICATED" }],
    [403, { code: "FORBIDDEN", missing: "mcp" }],
    [403, { code: "FORBIDDEN", detail: expect.stringContaining("Assistants are turned off") }],
  ]);
  expect((await send(list, stranger())).status).toBe(200);
});

it("a tool may do what its credential may do, and nothing more", async () => {
  const person = stranger();
  const run = (scopes: string[]) => use("run_sql", { sql: "" }, person, { scopes });
  expect(await run(["mcp", "runs:read"])).toMatchObject({ isError: true, body: { missing: "runs:write" } });
  expect(await run(["mcp", "runs:write"])).toMatchObject({ isError: true, body: { code: "SQL_REJECTED" } });
  const tables = await use("list_tables", {}, person, { scopes: ["mcp", "runs:read"] });
  expect(tables).toMatchObject({ isError: true, body: { missing: "tables:read" } });
});

it("POST /mcp takes messages of JSON-RPC of at most 1 MB", async () => {
  const person = stranger();
  const seen = await Promise.all(
    ["{", "7", "{}", `{"jsonrpc":"2.0","x":"${"x".repeat(1_000_000)}"}`].map(async (text) => {
      const answer = await send(text, person);
      return [answer.status, (await bodyOf(answer)).code];
    }),
  );
  expect(seen).toEqual([
    [400, "INVALID_JSON"],
    [422, "INVALID_BODY"],
    [422, "INVALID_BODY"],
    [413, "TOO_LARGE"],
  ]);
});

it.each(["GET", "DELETE"])("%s /mcp says that there are no sessions", async (method) => {
  const answer = await askUnchecked("/mcp", { method });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
});

it("a page of another origin may not use the tools, whatever token it has", async () => {
  const list = request("tools/list");
  const statusFor = async (origin: string) => (await send(list, stranger(), {}, { origin })).status;
  expect(await statusFor("https://evil.example")).toBe(403);
  expect(await statusFor("http://localhost:6274")).toBe(200);
  expect(await statusFor("https://edge.example")).toBe(200);
});
