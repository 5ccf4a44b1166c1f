import { describe, expect, it } from "vitest";
import { ask, bodyOf, type Problem } from "./support/api.ts";
import { alice, carol, stranger, type Person } from "./support/people.ts";
import { callsOf, sandbox } from "./support/sandbox.ts";

type Table = { name: string; key?: string; kind: string; folderId?: number };
type List = { tables: Table[]; cursor?: string };
type Field = {
  name: string;
  type: string;
  isPrimaryKey: boolean;
  isRequired: boolean;
  maxLength?: number;
  zone?: string;
};
type Rows = { columns: { name: string; type: string }[]; rows: unknown[][]; pages: number; totalRows: number };

const child: Person = { ...alice, mid: 7000011 };
const sibling: Person = { ...alice, mid: 7000012 };

const list = async (query = "", person = child) => bodyOf<List>(await ask(`/v1/tables${query}`, {}, person));
const path = (name: string, part: "fields" | "rows") => `/v1/tables/${encodeURIComponent(name)}/${part}`;

/** Calls are counted while other files ask Marketing Cloud as the same business unit, so a count may need a second look. */
const counted = { retry: 3 };

describe("GET /v1/tables", counted, () => {
  it("lists own, shared and synchronized tables and data views, as FROM writes them", async () => {
    const { tables } = await list("?limit=1000");
    const kinds = Object.fromEntries(tables.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({
      Customers: "data-extension",
      "Order Items & More - 2024": "data-extension",
      "Ent.Shared Suppression": "shared",
      "Ent.Contact_Salesforce": "synchronized",
      _Sent: "data-view",
    });
  });

  it("asks Marketing Cloud once in five minutes for a business unit, and again with refresh=1", async () => {
    await list("", sibling);
    const known = () =>
      Promise.all([list("?q=cust", sibling), list("?kind=shared", sibling), ask("/v1/folders", {}, sibling)]);
    expect(await callsOf(sibling.mid, known)).toEqual({});
    expect(await callsOf(sibling.mid, () => list("?refresh=1", sibling))).toEqual({
      "SOAP Retrieve DataExtension": 2,
      "SOAP Retrieve DataFolder": 3,
    });
  });

  it("gives pages that are disjoint and complete, and 304 to a client that has one", async () => {
    const all = (await list("?limit=1000")).tables.map(({ name }) => name);
    const seen: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined;) {
      const page: List = await list(`?limit=7${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.tables.map(({ name }) => name));
      ({ cursor } = page);
    }
    expect(seen).toEqual(all);
    const first = await ask("/v1/tables", {}, child);
    const tag = first.headers.get("etag") ?? "";
    expect((await ask("/v1/tables", { headers: { "if-none-match": tag } }, child)).status).toBe(304);
    expect((await ask("/v1/tables?q=x", { headers: { "if-none-match": tag } }, child)).status).toBe(200);
  });

  it("filters by folder, kind and a part of the name", async () => {
    const { folders } = await bodyOf<{ folders: { id: number; kind: string }[] }>(await ask("/v1/folders", {}, child));
    const shared = folders.find(({ kind }) => kind === "shared");
    expect((await list(`?folder=${shared?.id}`)).tables.map(({ name }) => name)).toEqual(["Ent.Shared Suppression"]);
    expect((await list("?kind=synchronized")).tables.map(({ name }) => name)).toEqual(["Ent.Contact_Salesforce"]);
    expect((await list("?q=ORDER&kind=data-extension")).tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["Order", "Orders", "Order Items & More - 2024"]),
    );
  });

  it("never shows one tenant's tables to another", async () => {
    await sandbox("tables", { count: 3, mid: carol.mid });
    expect((await list("?q=Table 0&refresh=1", carol)).tables).toHaveLength(3);
    expect((await list("?q=Table 0&refresh=1")).tables).toEqual([]);
  });

  it.each(["?limit=0", "?limit=1001", "?kind=x", "?folder=x", "?cursor=x", "?refresh=2"])(
    "refuses %s",
    async (query) => {
      const answer = await ask(`/v1/tables${query}`, {}, child);
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
    },
  );

  it("refuses a connection that does not allow the business unit", async () => {
    const answer = await ask("/v1/tables", {}, { ...stranger(), mid: 7000099 });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  });
});

describe("GET /v1/tables/{name}/fields", counted, () => {
  const fields = async (name: string) =>
    bodyOf<{ kind: string; fields: Field[] }>(await ask(path(name, "fields"), {}, child));

  it.each(["Customers", "[customers]", "CUSTOMERS"])("reads those of %s", async (name) => {
    const read = await fields(name);
    expect(read).toMatchObject({ name: "Customers", key: "Customers", kind: "data-extension" });
    expect(read.fields[0]).toEqual({
      name: "CustomerKey",
      type: "Text",
      maxLength: 50,
      isPrimaryKey: true,
      isRequired: true,
    });
  });

  it("reads those of a shared table, of a table of another script, and of a data view without a call", async () => {
    expect(await fields("Ent.[Shared Suppression]")).toMatchObject({ kind: "shared" });
    expect((await fields("顧客")).fields.length).toBeGreaterThan(0);
    const view = () => fields("_sent");
    expect(await callsOf(child.mid, view)).toEqual({});
    expect((await view()).fields.map(({ name }) => name)).toContain("EventDate");
  });

  it.each(["Ent._Subscribers", "ENT.[_subscribers]", "[Ent].[_Subscribers]"])(
    "reads those of a view of the parent: %s",
    async (name) => {
      const read = await fields(name);
      expect(read).toMatchObject({ name: "Ent._Subscribers", kind: "data-view" });
      expect(read.fields.map((field) => field.name)).toContain("BounceCount");
    },
  );

  it("does not take a table of the business unit's own for one of the parent", async () => {
    expect((await ask(path("Ent.Customers", "fields"), {}, child)).status).toBe(404);
  });

  it.each([
    ["_Sent", { EventDate: "server" }],
    ["_BusinessUnitUnsubscribes", { UnsubDateUTC: "utc" }],
    // No page says in which zone a job's dates are, and none of Marketing Cloud's answers says it of a Data Extension.
    ["_Job", {}],
    ["Orders", {}],
  ])("tells the zone of a Date where it is proven: %s", async (name, zones) => {
    const dates = (await fields(name)).fields.filter(({ type }) => type === "Date");
    expect(dates.length).toBeGreaterThan(0);
    expect(Object.fromEntries(dates.flatMap((field) => (field.zone ? [[field.name, field.zone]] : [])))).toEqual(zones);
  });

  it("answers TABLE_NOT_FOUND with a name like it", async () => {
    const answer = await ask(path("Custmers", "fields"), {}, child);
    const body = await bodyOf<Problem & { near: string[] }>(answer);
    expect([answer.status, body.code, body.near]).toEqual([404, "TABLE_NOT_FOUND", ["Customers"]]);
  });
});

describe("GET /v1/tables/{name}/rows", counted, () => {
  const rows = async (name: string, page = 1) =>
    bodyOf<Rows>(await ask(`${path(name, "rows")}?page=${page}`, {}, child));

  it("reads a page with typed values, with one call when list and fields are known", async () => {
    await rows("Products");
    const calls = await callsOf(child.mid, async () => {
      const { columns, rows: some, pages, totalRows } = await rows("Products");
      expect(some).toHaveLength(Math.min(50, totalRows));
      expect(pages).toBe(Math.ceil(Math.min(totalRows, 2500) / 50));
      expect(columns.length).toBe(some[0]?.length);
    });
    expect(calls).toEqual({ "REST rowset": 1 });
  });

  it("gives pages that are disjoint", async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => rows("Customers", page)));
    const keys = pages.flatMap(({ rows: some }) => some.map(([key]) => key));
    expect(new Set(keys).size).toBe(150);
  });

  it("reads those of a shared table as the parent", async () => {
    expect((await rows("Ent.Shared Suppression")).rows.length).toBeGreaterThan(0);
  });

  it.each([
    ["_Sent", "run SELECT TOP 50 * FROM _Sent"],
    ["Ent.Contact_Salesforce", "run SELECT TOP 50 * FROM Ent.Contact_Salesforce"],
  ])("says that %s can only be queried, and how", async (name, advice) => {
    const answer = await ask(path(name, "rows"), {}, child);
    const { code, detail } = await bodyOf(answer);
    expect([answer.status, code, detail]).toEqual([422, "NOT_READABLE", expect.stringContaining(advice)]);
  });

  it("answers PAGE_OUT_OF_RANGE beyond the last page", async () => {
    for (const page of ["0", "51", "x", "2"]) {
      const answer = await ask(`${path("No Rows", "rows")}?page=${page}`, {}, child);
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "PAGE_OUT_OF_RANGE"]);
    }
  });
});

const hostile = [
  "..",
  "../../me",
  "%00",
  "a\0b",
  "x".repeat(5000),
  "'; DROP TABLE x; --",
  ']]>&lt;<b>"',
  "[[[]]]",
  "Ent.",
  "Ent.Ent.Customers",
  "\u202e",
  "😀",
  "%",
  " ",
];

describe("hostile names", () => {
  it.each(hostile.map((name) => [JSON.stringify(name).slice(0, 40), name]))("%s is 404, never 500", async (_, name) => {
    for (const part of ["fields", "rows"] as const) {
      const answer = await ask(path(name, part), {}, child);
      const { code } = await bodyOf(answer);
      expect([answer.status, ["TABLE_NOT_FOUND", "NOT_FOUND"].includes(code)]).toEqual([404, true]);
    }
    const activity = await ask(`/v1/query-activities/${encodeURIComponent(name)}`, {}, child);
    const { code } = await bodyOf(activity);
    expect([activity.status, ["QUERY_ACTIVITY_NOT_FOUND", "NOT_FOUND"].includes(code)]).toEqual([404, true]);
    expect((await ask(`/v1/tables?q=${encodeURIComponent(name)}`, {}, child)).status).toBe(
      name.length > 200 ? 422 : 200,
    );
  });

  it.each(["/v1/tables/%/fields", "/v1/tables/%E0%A4%A/rows", "/v1/query-activities/%"])(
    "%s is 404",
    async (broken) => {
      expect((await ask(broken, {}, child)).status).toBe(404);
    },
  );
});
