import { describe, expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import { Scope, scopes } from "#protocol/scope.ts";
import { ask, bodyOf, post } from "./support/api.ts";
import { readDocument } from "./support/contract.ts";
import { alice, tokenOf } from "./support/people.ts";

const { paths } = await readDocument();
const scoped = allCalls.flatMap((call) => {
  const scope = Scope.safeParse(call.access);
  return scope.success ? [{ method: call.method.toUpperCase(), path: call.path, scope: scope.data }] : [];
});

async function as(claims: Record<string, unknown>) {
  return { authorization: `Bearer ${await tokenOf(alice, { claims })}` };
}

const allBut = (scope: Scope) => scopes.filter((one) => one !== scope);

describe("scopes", () => {
  it.each(scoped)("$method $path is refused without $scope, and passes with it", async ({ method, path, scope }) => {
    const address = path.replace("{id}", "0".repeat(30)).replaceAll(/\{\w+\}/g, "nobody");
    const refused = await ask(address, { method, headers: await as({ scopes: allBut(scope) }) });
    expect([refused.status, await bodyOf(refused)]).toEqual([
      403,
      expect.objectContaining({ code: "FORBIDDEN", missing: scope }),
    ]);
    const passed = await ask(address, { method, headers: await as({ scopes: [scope] }) });
    expect(passed.status).not.toBe(403);
    await passed.body?.cancel();
  });

  it("runs:target is needed by a run into a Data Extension, and by no other", async () => {
    const headers = await as({ scopes: ["runs:write"] });
    const target = { customerKey: "Nowhere", mode: "append" };
    const refused = await post("/v1/runs", { sql: "SELECT 1 AS A", target }, headers);
    expect([refused.status, await bodyOf(refused)]).toEqual([403, expect.objectContaining({ missing: "runs:target" })]);
    expect((await post("/v1/runs", { sql: "SELECT 1 AS A" }, headers)).status).toBe(202);
  });

  it("openapi.json names the scopes that a call needs", () => {
    const told = (path: string, method: string) => paths[path]?.[method]?.security;
    expect([told("/v1/runs", "get"), told("/v1/runs", "post"), told("/v1/me", "get"), told("/healthz", "get")]).toEqual(
      [[{ bearer: ["runs:read"] }], [{ bearer: ["runs:write", "runs:target"] }], [{ bearer: [] }], []],
    );
  });

  it("GET /v1/me tells which there are, and whether the caller is an administrator", async () => {
    const me = await ask("/v1/me", { headers: await as({ scopes: ["mcp", "runs:read"], role: "administrator" }) });
    expect(await bodyOf(me)).toMatchObject({ scopes: ["runs:read", "mcp"], isAdmin: true });
  });
});

describe("a token with a scope nobody knows", () => {
  it("is refused", async () => {
    expect((await ask("/v1/me", { headers: await as({ scopes: ["everything"] }) })).status).toBe(401);
  });
});
