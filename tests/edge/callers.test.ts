import { describe, expect, it } from "vitest";
import { ask, bodyOf, post, readRun, submit } from "./support/api.ts";
import { alice, bob, carol, tokenOf, unsignedTokenOf } from "./support/people.ts";

describe("who may see a run", () => {
  it("is its owner alone: for another user and another tenant it does not exist", async () => {
    const { id } = await submit();
    expect((await readRun(id)).id).toBe(id);
    // Two tenants may call different people the same.
    for (const person of [bob, carol, { ...carol, sub: alice.sub }]) {
      for (const [method, path] of [
        ["GET", ""],
        ["GET", "/events"],
        ["GET", "/results"],
        ["POST", "/cancel"],
      ] as const) {
        const answer = await ask(`/v1/runs/${id}${path}`, { method }, person);
        expect([path, answer.status, (await bodyOf(answer)).code]).toEqual([path, 404, "RUN_NOT_FOUND"]);
      }
    }
  });

  it.each(["x", "0".repeat(30), "0".repeat(31), "G".repeat(30)])(
    "answers 404 for the id %s that nobody made",
    async (id) => {
      for (const path of ["", "/events", "/results"]) expect((await ask(`/v1/runs/${id}${path}`)).status).toBe(404);
    },
  );
});

const past = Math.floor(Date.now() / 1000) - 60;

describe("tokens", () => {
  it.each<[string, NonNullable<Parameters<typeof tokenOf>[1]>]>([
    ["of another secret", { secret: "another secret entirely, long enough" }],
    ["with another algorithm", { alg: "HS512" }],
    ["that has expired", { claims: { exp: past } }],
    ["that never expires", { claims: { exp: undefined } }],
    ["that is not valid yet", { claims: { nbf: past + 3600 } }],
    ["of another issuer", { claims: { iss: "somebody" } }],
    ["of no issuer", { claims: { iss: undefined } }],
    ["for another audience", { claims: { aud: "somebody" } }],
    ["for no audience", { claims: { aud: undefined } }],
    ["of nobody", { claims: { sub: undefined } }],
    ["of a nameless user", { claims: { sub: "" } }],
    ["without a tenant", { claims: { tenant: undefined } }],
    ["with a tenant that is no id", { claims: { tenant: "a" } }],
    ["without a business unit", { claims: { mid: undefined } }],
    ["with a MID that is no number", { claims: { mid: "7000001" } }],
    ["without an enterprise", { claims: { eid: undefined } }],
    ["without a connection", { claims: { connection: undefined } }],
  ])("%s are refused", async (_, spoil) => {
    const authorization = `Bearer ${await tokenOf(alice, spoil)}`;
    const answer = await ask("/v1/runs/x", { headers: { authorization } });
    expect([answer.status, (await bodyOf(answer)).code, answer.headers.get("www-authenticate")]).toEqual([
      401,
      "UNAUTHENTICATED",
      "Bearer",
    ]);
  });

  it("nobody has signed are refused", async () => {
    const authorization = `Bearer ${unsignedTokenOf(alice)}`;
    expect((await ask("/v1/runs/x", { headers: { authorization } })).status).toBe(401);
  });

  it.each(["", "Bearer", "Basic YTpi", "Bearer a.b.c"])("that read %j are refused", async (authorization) => {
    expect((await ask("/v1/runs/x", { headers: { authorization } })).status).toBe(401);
  });

  it.each([
    ["another tenant's connection", { claims: { connection: carol.connection } }],
    ["a business unit the connection is not for", { claims: { mid: 99 } }],
    ["another enterprise", { claims: { eid: 99 } }],
  ])("that name %s may not submit", async (_, spoil) => {
    const headers = { authorization: `Bearer ${await tokenOf(alice, spoil)}` };
    const answer = await post("/v1/runs", { sql: "SELECT 1 AS A" }, headers);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  });
});
