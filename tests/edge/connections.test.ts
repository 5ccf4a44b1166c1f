import { describe, expect, it, onTestFinished } from "vitest";
import { ask, bodyOf, post } from "./support/api.ts";
import { actionsOf, rowsAsOwner } from "./support/owner.ts";
import { askOnOwn, faultOfOwn, ownSandboxUrl } from "./support/own-sandbox.ts";
import { alice, carol, stranger, tokenOf, type Person } from "./support/people.ts";

type Connection = { id: string; mids: number[] };
type Refusal = { code: string; errors: { path: string; message: string }[] };

async function as(person: Person, role = "administrator"): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenOf(person, { claims: { role } })}` };
}

const wanted = {
  name: "Nightly",
  subdomain: "mcsandbox-enterprise-a000001",
  clientId: "sandbox-server-a",
  clientSecret: "sandbox-secret-a",
  mids: [7000001, 7000011],
};

async function add(person = stranger(), more: object = {}): Promise<Connection> {
  const answer = await post("/v1/connections", { ...wanted, ...more }, await as(person));
  expect([answer.status, await answer.clone().text()]).toEqual([201, expect.anything()]);
  const made = await bodyOf<Connection>(answer);
  onTestFinished(async () => void (await rowsAsOwner("delete from sqe.connections where id = $1", [made.id])));
  return made;
}

async function refused(more: object): Promise<Refusal> {
  const answer = await post("/v1/connections", { ...wanted, ...more }, await as(alice));
  expect(answer.status).toBe(422);
  return bodyOf<Refusal>(answer);
}

/** Asks for a connection to the business unit 7000012 where a test has put Marketing Cloud in trouble. */
async function addInTrouble(): Promise<Response> {
  const headers = { "content-type": "application/json", ...(await as(alice)) };
  const body = JSON.stringify({ ...wanted, mids: [7000012] });
  return askOnOwn("/v1/connections", { method: "POST", headers, body });
}

describe("POST /v1/connections", () => {
  it("tries a package, seals its secret, and never shows it", async () => {
    const person = stranger();
    const made = await add(person);
    expect(made).toMatchObject({ name: "Nightly", clientId: "sandbox-server-a", mids: wanted.mids });
    const [row] = await rowsAsOwner(
      "select to_jsonb(c)::text as all, created_by from sqe.connections as c where id = $1",
      [made.id],
    );
    expect(row?.["created_by"]).toBe(person.sub);
    expect(row?.["all"]).not.toContain(wanted.clientSecret);
    const listed = await (await ask("/v1/connections", { headers: await as(person) })).text();
    expect(listed).toContain(made.id);
    expect(listed).not.toContain(wanted.clientSecret);
    expect(await actionsOf(person)).toEqual(["connection-created"]);
  });

  it("makes one that runs can use", async () => {
    const person = stranger();
    const { id } = await add(person);
    expect((await ask("/v1/tables?limit=1", {}, { ...person, connection: id })).status).toBe(200);
  });

  it("says what is missing: the credentials, and a business unit it is not for", async () => {
    expect((await refused({ clientSecret: "wrong" })).errors).toEqual(
      [7000001, 7000011].map((mid, index) => ({
        path: `mids.${index}`,
        message: expect.stringMatching(new RegExp(`Business unit ${mid}: Marketing Cloud gives no token`)),
      })),
    );
    const { code, errors } = await refused({ mids: [7000001, 8000001] });
    expect([code, errors.map(({ path }) => path)]).toEqual(["CONNECTION_REFUSED", ["mids.1"]]);
  });

  it("says which scopes are missing, and that folders cannot be read", async () => {
    const messages = async () => (await bodyOf<Refusal>(await addInTrouble())).errors.map(({ message }) => message);
    const urls = { rest_instance_url: ownSandboxUrl, soap_instance_url: ownSandboxUrl };
    const scope = "data_extensions_read data_extensions_write automations_read offline";
    const body = { access_token: "x", token_type: "Bearer", expires_in: 1079, scope, ...urls };
    await faultOfOwn({ call: "AUTH token", times: 2, status: 200, body });
    expect(await messages()).toEqual([
      expect.stringMatching(/lacks Automations Write and Execute \(automations_write, automations_execute\)/),
    ]);
    await faultOfOwn({ call: "SOAP Retrieve DataFolder", as: "no-scope" });
    expect(await messages()).toEqual([expect.stringMatching(/The folders cannot be read/)]);
  });

  it("stores nothing while Marketing Cloud does not answer", async () => {
    await faultOfOwn({ call: "SOAP Retrieve DataFolder", as: "server-error" });
    const answer = await addInTrouble();
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([503, "MCE_BUSY"]);
  });

  it.each([{ subdomain: "evil.example/" }, { mids: [] }, { clientSecret: "" }, { more: 1 }])(
    "refuses %j",
    async (more) => {
      expect((await refused(more)).code).toBe("INVALID_BODY");
    },
  );
});

describe("PATCH /v1/connections/{id}", () => {
  const change = async (id: string, body: object, person: Person = alice) =>
    ask(`/v1/connections/${id}`, { method: "PATCH", body: JSON.stringify(body), headers: await as(person) });

  it("renames without a call, and tries other business units with the stored secret", async () => {
    const person = stranger();
    const { id } = await add(person, { mids: [7000001] });
    expect(await bodyOf(await change(id, { name: "Other" }, person))).toMatchObject({ name: "Other" });
    expect((await change(id, { mids: [8000001] }, person)).status).toBe(422);
    const mine = { ...person, connection: id };
    expect((await ask("/v1/tables?limit=1", {}, mine)).status).toBe(200);
    expect(await bodyOf(await change(id, { mids: [7000011] }, person))).toMatchObject({ mids: [7000011] });
    // Who works there is refused at once.
    expect((await ask("/v1/tables?limit=1", {}, mine)).status).toBe(403);
    expect(await actionsOf(person)).toEqual(["connection-created", "connection-changed", "connection-changed"]);
  });

  it("keeps the old secret when the new one is refused", async () => {
    const person = stranger();
    const { id } = await add(person);
    expect((await change(id, { clientSecret: "wrong" }, person)).status).toBe(422);
    expect((await ask("/v1/folders?refresh=1", {}, { ...person, connection: id })).status).toBe(200);
  });

  it("does not find another tenant's", async () => {
    expect((await change(alice.connection, { name: "x" }, carol)).status).toBe(404);
    expect((await change("x", { name: "x" })).status).toBe(404);
  });
});

describe("DELETE /v1/connections/{id}", () => {
  it("removes it at once for those who use it", async () => {
    const person = stranger();
    const { id } = await add(person);
    const mine = { ...person, connection: id };
    expect((await ask("/v1/tables?limit=1", {}, mine)).status).toBe(200);
    const remove = async (by: Person) => ask(`/v1/connections/${id}`, { method: "DELETE", headers: await as(by) });
    expect((await remove(carol)).status).toBe(404);
    expect((await remove(person)).status).toBe(204);
    expect((await ask("/v1/tables?limit=1", {}, mine)).status).toBe(403);
    expect((await remove(person)).status).toBe(404);
    await expect.poll(() => actionsOf(person)).toEqual(["connection-created", "connection-revoked"]);
  });
});

it.each([
  ["GET", "/v1/connections"],
  ["POST", "/v1/connections"],
  ["PATCH", "/v1/connections/x"],
  ["DELETE", "/v1/connections/x"],
])("%s %s is for administrators", async (method, path) => {
  const answer = await ask(path, { method, headers: await as(alice, "member") });
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
});
