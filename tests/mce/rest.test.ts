import { describe, expect, it } from "vitest";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { readRowset } from "../../src/mce/rest/rowset.ts";
import { validateQuery } from "../../src/mce/rest/validate.ts";
import { guid, openStandIn, type Reply } from "./support/stand-in.ts";

function json(body: unknown, status = 200): Reply[] {
  return [{ status, body: JSON.stringify(body) }];
}

describe("readRowset()", () => {
  const page = {
    links: { self: "/v1/customobjectdata/token/x/rowset?$page=1" },
    requestToken: guid,
    tokenExpireDateUtc: "2026-01-16T18:26:43.697",
    pageSize: 2500,
    page: 1,
    count: 5210,
    top: 0,
    items: [{ keys: { id: "A1" }, values: { email: "x@y.z", optin: "True", note: "" } }],
  };

  it("merges keys and values as they are", async () => {
    const { mce, sent } = openStandIn(json(page));
    expect(await readRowset(mce, { customerKey: "A b/ü?", page: 2, pageSize: 50 })).toEqual({
      ok: true,
      value: {
        count: 5210,
        requestToken: guid,
        tokenExpiresAt: Date.UTC(2026, 0, 16, 18, 26, 43, 697),
        items: [{ id: "A1", email: "x@y.z", optin: "True", note: "" }],
      },
    });
    expect(sent[1]?.url).toBe(
      "https://mc0000000000000000000000test.rest.marketingcloudapis.com/data/v1/customobjectdata/key/A%20b%2F%C3%BC%3F/rowset?$page=2&$pageSize=50",
    );
    expect(sent[1]?.headers.get("authorization")).toBe("Bearer token-1");
  });

  it("reads the pages of a snapshot by its token", async () => {
    const { mce, sent } = openStandIn(json(page));
    await readRowset(mce, { requestToken: guid, page: 3, pageSize: 50 });
    expect(sent[1]?.url).toContain(`/data/v1/customobjectdata/token/${guid}/rowset?$page=3&$pageSize=50`);
  });

  it("reads an empty Data Extension, which has no items", async () => {
    const { mce } = openStandIn(json({ links: {}, requestToken: guid, count: 0, page: 1, pageSize: 50 }));
    expect(await readRowset(mce, { customerKey: "k", page: 1, pageSize: 50 })).toMatchObject({
      value: { count: 0, items: [] },
    });
  });

  it.each([[{ values: { a: "1" } }], [{ keys: {}, values: { a: "1" } }], [{ keys: null, values: { a: "1" } }]])(
    "reads a row without key columns: %j",
    async (item) => {
      const { mce } = openStandIn(json({ count: 1, items: [item] }));
      expect(await readRowset(mce, { customerKey: "k", page: 1, pageSize: 50 })).toEqual({
        ok: true,
        value: { count: 1, items: [{ a: "1" }] },
      });
    },
  );

  it("is not poisoned by a column's name", async () => {
    const { mce } = openStandIn([
      { body: `{"count":1,"items":[{"keys":{},"values":{"__proto__":"x","constructor":"y"}}]}` },
    ]);
    const answer = await readRowset(mce, { customerKey: "k", page: 1, pageSize: 50 });
    expect(answer).toMatchObject({ ok: true, value: { count: 1 } });
    expect(answer.ok && answer.value?.items[0]?.["constructor"]).toBe("y");
  });

  it.each([404, 400])("answers undefined for HTTP %i", async (status) => {
    const { mce } = openStandIn(json({ message: "Data cannot be retrieved for key k", errorcode: 30000 }, status));
    expect(await readRowset(mce, { customerKey: "k", page: 1, pageSize: 50 })).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [{}],
    [{ count: "5" }],
    [{ count: -1 }],
    [{ count: 1, items: {} }],
    [{ count: 1, items: [{ values: { a: {} } }] }],
  ])("refuses to read %j as a page", async (body) => {
    const { mce } = openStandIn(json(body));
    expect(await readRowset(mce, { customerKey: "k", page: 1, pageSize: 50 })).toMatchObject({
      error: { kind: "unavailable" },
    });
  });
});

describe("isQueryRunning() and validateQuery()", () => {
  it("ask by object id", async () => {
    const { mce, sent } = openStandIn(json({ queryDefinitionId: guid, isRunning: true }));
    expect(await isQueryRunning(mce, { objectId: guid })).toEqual({ ok: true, value: true });
    expect(sent[1]?.url).toMatch(new RegExp(`/automation/v1/queries/${guid}/actions/isrunning/$`));
  });

  it("send the query as Text", async () => {
    const { mce, sent } = openStandIn(json({ queryValid: true, errors: [], warnings: ["Just a heads-up"] }));
    expect(await validateQuery(mce, { sql: "SELECT 'ä'" })).toEqual({
      ok: true,
      value: { valid: true, errors: [], warnings: ["Just a heads-up"] },
    });
    expect(JSON.parse(sent[1]?.body ?? "")).toEqual({ Text: "SELECT 'ä'" });
  });

  it.each([
    [{ queryValid: false, errors: ["a", { message: "b" }] }, ["a", "b"]],
    [{ queryValid: false, errorMessage: "c" }, ["c"]],
    [{ queryValid: false, errors: null }, []],
  ])("read errors out of %j", async (body, errors) => {
    const { mce } = openStandIn(json(body));
    expect(await validateQuery(mce, { sql: "x" })).toEqual({ ok: true, value: { valid: false, errors, warnings: [] } });
  });
});
