import { describe, expect, it } from "vitest";
import { ask, bodyOf } from "./support/api.ts";
import { actionsOf, enroll, rowsAsOwner } from "./support/owner.ts";
import { alice, carol, stranger, tokenOf, type Person } from "./support/people.ts";

async function asAdministrator(person: Person): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenOf(person, { claims: { role: "administrator" } })}` };
}

/** A tenant of its own, so that its people are those of one test. */
async function foundTenant(): Promise<Person> {
  const tenant = crypto.randomUUID();
  const eid = 100_000_000 + Math.floor(Math.random() * 1_000_000_000);
  await rowsAsOwner("insert into sqe.tenants (id, eid, name) values ($1, $2, 'Small')", [tenant, eid]);
  return { ...stranger(), tenant, eid, mid: eid };
}

async function patch(path: string, body: object, person: Person): Promise<Response> {
  return ask(path, { method: "PATCH", body: JSON.stringify(body), headers: await asAdministrator(person) });
}

describe("GET, PATCH /v1/members", () => {
  it("lists the tenant's people, and changes a role", async () => {
    const ann = await foundTenant();
    const ben = { ...ann, sub: "ben" };
    await enroll(ann, "administrator");
    await enroll(ben);
    const read = async () =>
      bodyOf<{ members: object[] }>(await ask("/v1/members", { headers: await asAdministrator(ann) }));
    expect((await read()).members).toEqual([
      { id: "ben", name: "ben", role: "member", active: true, lastSeenAt: expect.any(String) },
      expect.objectContaining({ id: ann.sub, role: "administrator" }),
    ]);
    expect(await bodyOf(await patch("/v1/members/ben", { role: "administrator" }, ann))).toMatchObject({
      role: "administrator",
    });
    expect(await bodyOf(await patch("/v1/members/ben", { active: false }, ann))).toMatchObject({ active: false });
    expect(await actionsOf(ann)).toEqual(["member-changed", "member-changed"]);
  });

  it("leaves the last active administrator one, however many ask at once", async () => {
    const ann = await foundTenant();
    const ben = { ...ann, sub: "ben" };
    await enroll(ann, "administrator");
    await enroll(ben, "administrator");
    const answers = await Promise.all([
      patch(`/v1/members/${ann.sub}`, { role: "member" }, ann),
      patch("/v1/members/ben", { active: false }, ann),
    ]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    const [left] = await rowsAsOwner(
      "select count(*)::int as n from sqe.users where tenant_id = $1 and active and role = 'administrator'",
      [ann.tenant],
    );
    expect(left).toEqual({ n: 1 });
  });

  it("does not find people of another tenant, nor anybody who never came", async () => {
    const ann = await foundTenant();
    await enroll(ann);
    expect((await patch(`/v1/members/${ann.sub}`, { active: false }, alice)).status).toBe(404);
    expect((await patch("/v1/members/nobody", { active: false }, ann)).status).toBe(404);
  });
});

describe("GET, PATCH /v1/tenant", () => {
  it("shows the settings to everybody, and changes them for administrators", async () => {
    const ann = await foundTenant();
    const settings = { id: ann.tenant, name: "Small", mcp: false };
    expect(await bodyOf(await ask("/v1/tenant", {}, ann))).toEqual(settings);
    expect((await ask("/v1/tenant", { method: "PATCH", body: '{"mcp":true}' }, ann)).status).toBe(403);
    expect(await bodyOf(await patch("/v1/tenant", { mcp: true }, ann))).toEqual({ ...settings, mcp: true });
    expect(await bodyOf(await ask("/v1/tenant", {}, ann))).toEqual({ ...settings, mcp: true });
    expect((await patch("/v1/tenant", { name: "Mine" }, ann)).status).toBe(422);
    expect(await actionsOf(ann)).toEqual(["mcp"]);
    expect(await bodyOf(await ask("/v1/tenant", {}, carol))).toMatchObject({ mcp: false });
  });
});

describe("GET /v1/audit", () => {
  type Page = { entries: { id: number; action: string; detail?: object }[]; cursor?: string };

  it("tells an administrator what was done, page after page, newest first", async () => {
    const ann = await foundTenant();
    for (const mcp of [true, false, true]) await patch("/v1/tenant", { mcp }, ann);
    const read = async (query: string) =>
      bodyOf<Page>(await ask(`/v1/audit?${query}`, { headers: await asAdministrator(ann) }));
    await expect.poll(async () => (await read("")).entries.length).toBe(3);
    const first = await read("limit=2");
    const rest = await read(`limit=2&cursor=${first.cursor}`);
    expect([...first.entries, ...rest.entries].map(({ action, detail }) => [action, detail])).toEqual([
      ["mcp", { on: true }],
      ["mcp", { on: false }],
      ["mcp", { on: true }],
    ]);
    expect(rest.cursor).toBeUndefined();
  });

  it.each(["cursor=x", "cursor=0", "limit=0", "limit=201"])("refuses %s", async (query) => {
    expect((await ask(`/v1/audit?${query}`, { headers: await asAdministrator(alice) })).status).toBe(422);
  });

  it("shows nothing of another tenant, and nothing to members", async () => {
    const ann = await foundTenant();
    const page = await bodyOf<Page>(await ask("/v1/audit", { headers: await asAdministrator(ann) }));
    expect(page.entries).toEqual([]);
    expect((await ask("/v1/audit", {}, ann)).status).toBe(403);
  });
});
