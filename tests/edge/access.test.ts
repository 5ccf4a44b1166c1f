import { beforeAll, describe, expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import type { Access } from "#api/call.ts";
import { drawKey } from "#protocol/key-format.ts";
import { Scope, scopes } from "#protocol/scope.ts";
import { sha256 } from "#protocol/signature.ts";
import { ask, bodyOf, post } from "./support/api.ts";
import { rowsAsOwner } from "./support/owner.ts";
import { alice, stranger, tokenOf, type Person } from "./support/people.ts";

type Kind = (typeof kinds)[number];
const kinds = [
  "nobody",
  "an expired token",
  "a revoked key",
  "an expired key",
  "a forged key",
  "a key of every scope",
  "a key without scopes",
  "a member",
  "an administrator",
  "a token for one run",
  "an operator's key",
  "a revoked operator's key",
] as const;

const credentials = {} as Record<Kind, string>;
const fill = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);

async function makeKey(person: Person): Promise<{ id: string; key: string }> {
  const answer = await post("/v1/keys", { name: "access", scopes }, {}, person);
  return bodyOf<{ id: string; key: string }>(answer);
}

beforeAll(async () => {
  const person = stranger();
  const [revoked, expired, bare, full] = await Promise.all([1, 2, 3, 4].map(() => makeKey(person)));
  if (!revoked || !expired || !bare || !full) throw new Error("no keys");
  await ask(`/v1/keys/${revoked.id}`, { method: "DELETE" }, person);
  await rowsAsOwner("update sqe.api_keys set expires_at = now() where key_id = $1", [expired.id]);
  await rowsAsOwner("update sqe.api_keys set scopes = '{}' where key_id = $1", [bare.id]);
  const [operator, former] = [drawKey("sqeop", "development", fill), drawKey("sqeop", "development", fill)];
  for (const { id, key } of [operator, former])
    await rowsAsOwner("insert into sqe.operator_keys (id, key_hash, name) values ($1, $2, 'o')", [
      id,
      await sha256(key),
    ]);
  await rowsAsOwner("update sqe.operator_keys set revoked_at = now() where id = $1", [former.id]);
  const token = await post("/v1/tokens", { scopes, runId: "f".repeat(30) });
  const made: Record<Kind, string> = {
    nobody: "",
    "an expired token": await tokenOf(alice, { claims: { exp: 1 } }),
    "a revoked key": revoked.key,
    "an expired key": expired.key,
    "a forged key": drawKey("sqe", "development", fill).key,
    "a key of every scope": full.key,
    "a key without scopes": bare.key,
    "a member": await tokenOf(alice),
    "an administrator": await tokenOf(alice, { claims: { role: "administrator" } }),
    "a token for one run": (await bodyOf<{ token: string }>(token)).token,
    "an operator's key": operator.key,
    "a revoked operator's key": former.key,
  };
  Object.assign(credentials, made);
});

/** What becomes of a caller at a call: 401, 403, or it is let in. */
function expected(kind: Kind, access: Access): 401 | 403 | "in" {
  const inIf = (isAllowed: boolean) => (isAllowed ? "in" : 403);
  const isAnyUsers = access === "user" || access === "own-credential";
  const isScope = Scope.safeParse(access).success;
  switch (kind) {
    case "nobody":
    case "an expired token":
    case "a revoked key":
    case "an expired key":
    case "a forged key":
    case "a revoked operator's key":
      return 401;
    case "an operator's key":
      return inIf(access === "operator");
    // It is for another run than the one asked for, which is no other call's business at all.
    case "a token for one run":
      return 403;
    case "a key without scopes":
      return inIf(isAnyUsers);
    case "a key of every scope":
    case "a member":
      return inIf(isAnyUsers || isScope);
    case "an administrator":
      return inIf(access !== "operator");
  }
}

const calls = allCalls.filter(({ path, access }) => path.startsWith("/v1/") && access !== "everybody");

describe.each(kinds)("%s", (kind) => {
  it.each(calls.map(({ method, path, access }) => ({ method: method.toUpperCase(), path, access })))(
    "at $method $path",
    async ({ method, path, access }) => {
      const address = path.replace("{id}", "0".repeat(30)).replaceAll(/\{\w+\}/g, "nobody");
      const authorization = kind === "nobody" ? "" : `Bearer ${credentials[kind]}`;
      const answer = await ask(address, { method, headers: { authorization } });
      await answer.body?.cancel();
      const came = answer.status === 401 || answer.status === 403 ? answer.status : "in";
      expect(came).toBe(expected(kind, access));
    },
  );
});
