import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createClient, type Client } from "#client/client.ts";
import type { RunState } from "#client/run-state.ts";
import { Bridge } from "./support/api.ts";
import { enroll } from "./support/owner.ts";
import { alice, carol, stranger, tokenOf, type Person } from "./support/people.ts";

/** The client in workerd, whose network is the Worker under test. */
function clientOf(person: Person = alice, claims = {}): Client {
  return createClient({
    url: "https://edge.example",
    token: () => tokenOf(person, { claims }),
    fetch: (input, init) => exports.default.fetch(new Request(input, init)),
  });
}

it("the client in workerd submits a run, follows it by its stream and cancels it", async () => {
  const run = await clientOf().run("SELECT CustomerKey FROM Customers", { snippetName: "In workerd" });
  const seen: RunState[] = [];
  for await (const state of run.watch()) {
    seen.push(state);
    if (state.version === 1) await new Bridge(run.id).claim();
    if (state.status === "running" && state.version === 2) await run.cancel();
  }
  expect(seen.map(({ status }) => status)).toEqual(["queued", "running", "canceled"]);
  expect(run.state).toMatchObject({ status: "canceled", snippetName: "In workerd" });
});

it("the client's errors have the code, the status and the place", async () => {
  await expect(clientOf().run("SELECT 1 AS A;\nDELETE FROM Customers")).rejects.toMatchObject({
    code: "SQL_REJECTED",
    status: 422,
    diagnostics: [{ line: 2 }],
  });
  const run = await clientOf().run("SELECT CustomerKey FROM Customers");
  await expect(clientOf(carol).open(run.id)).rejects.toMatchObject({ code: "RUN_NOT_FOUND", status: 404 });
  await expect(run.page()).rejects.toMatchObject({ code: "RUN_NOT_READY", status: 409, runStatus: "queued" });
});

it("the client makes a key, asks with it, and revokes it", async () => {
  const client = clientOf(stranger());
  const { id, key, scopes } = await client.createKey({ name: "From a client", scopes: ["runs:read"] });
  const withKey = createClient({
    url: "https://edge.example",
    token: key,
    fetch: (input, init) => exports.default.fetch(new Request(input, init)),
  });
  expect([scopes, (await withKey.me()).scopes]).toEqual([["runs:read"], ["runs:read"]]);
  expect((await client.keys()).keys.map((one) => one.id)).toEqual([id]);
  expect((await withKey.createToken()).scopes).toEqual(["runs:read"]);
  await client.revokeKey(id);
  await expect(withKey.me()).rejects.toMatchObject({
    status: 401,
    detail: `API key ${id} was revoked; make a new one`,
  });
  await expect(withKey.run("SELECT 1 AS A")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

it("the client makes every call of an administrator, and says who is none", async () => {
  const person = stranger();
  await enroll(person);
  const client = clientOf(person, { role: "administrator" });
  const server = { subdomain: "mcsandbox-enterprise-a000001", clientId: "sandbox-server-a" };
  const wanted = { name: "Nightly", ...server, clientSecret: "sandbox-secret-a", mids: [7000011] };
  const { id } = await client.addConnection(wanted);
  expect(await client.changeConnection(id, { name: "Weekly" })).toMatchObject({ id, name: "Weekly", mids: [7000011] });
  await expect(client.changeConnection(id, { clientSecret: "wrong" })).rejects.toMatchObject({
    code: "CONNECTION_REFUSED",
    errors: [{ path: "mids.0" }],
  });
  expect((await client.connections()).connections).toContainEqual(expect.objectContaining({ id, name: "Weekly" }));
  await client.removeConnection(id);
  await expect(client.removeConnection(id)).rejects.toMatchObject({ code: "CONNECTION_NOT_FOUND" });
  expect((await client.members()).members).toContainEqual(expect.objectContaining({ id: person.sub, role: "member" }));
  expect(await client.changeMember(person.sub, { active: false })).toMatchObject({ active: false });
  const { mcp } = await client.tenant();
  expect(await client.changeTenant({ mcp })).toMatchObject({ mcp });
  const { entries, cursor } = await client.audit({ limit: 1 });
  expect([entries.length, typeof cursor]).toEqual([1, "string"]);
  await expect(clientOf(stranger()).members()).rejects.toMatchObject({ code: "FORBIDDEN", status: 403 });
});
