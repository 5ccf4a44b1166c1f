import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import {
  aDataExtension,
  aField,
  aQuery,
  overallOf,
  perform,
  resultOf,
  retrieve,
  where,
  write,
} from "./support/wire-messages.ts";

let wire: Wire;
const parent = 7000001;
const child = 7000011;
const inside = (mid: number) => `<ClientIDs><ID>${mid}</ID></ClientIDs>`;
const sharedFolder = "4713";

beforeAll(async () => {
  wire = await openWire();
  const more = `<CategoryID>${sharedFolder}</CategoryID>`;
  const key = aField("Id", "Text", "<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>");
  await wire.soap(write("Create", "DataExtension", aDataExtension("Shared", key + aField("V"), more)));
  await wire.soap(write("Create", "DataExtension", aDataExtension("Private", aField("V"))));
});
afterAll(() => wire.close());

const names = async (mid: number, body: string) => {
  const answer = await wire.soap(body, { token: await wire.token(mid) });
  const results: unknown = resultOf(answer);
  // A list, one object, or nothing.
  const list = (Array.isArray(results) ? results : results === undefined ? [] : [results]) as { Name: string }[];
  return list.map((it) => it.Name);
};
const mine = where("Name", "IN", ["Shared", "Private", "Childish"]);

describe("business units, MCE 2.3 and 4.7", () => {
  test("ClientIDs with the EID shows a child what is shared, and nothing else", async () => {
    const extensions = retrieve("DataExtension", ["Name"], mine).replace(
      "<ObjectType>",
      `${inside(parent)}<ObjectType>`,
    );
    const folders = retrieve("DataFolder", ["Name"]).replace("<ObjectType>", `${inside(parent)}<ObjectType>`);
    expect([await names(child, extensions), await names(child, folders)]).toEqual([
      ["Shared"],
      ["Shared Data Extensions", "Synchronized Data Extensions"],
    ]);
  });

  test("ClientIDs shows the parent its children, a child never its sibling, nobody another enterprise", async () => {
    await wire.soap(write("Create", "DataExtension", aDataExtension("Childish", aField("V"))), {
      token: await wire.token(child),
    });
    const asked = (mid: number) =>
      retrieve("DataExtension", ["Name"], mine).replace("<ObjectType>", `${inside(mid)}<ObjectType>`);
    expect(await names(parent, asked(child))).toEqual(["Childish"]);
    expect(await names(7000012, asked(child))).toEqual([]);
    expect(await names(parent, asked(8000001))).toEqual(["Shared", "Private"]);
  });

  test("QueryAllAccounts widens the answer for the parent and for nobody else", async () => {
    const all = retrieve(
      "DataFolder",
      ["Name"],
      where("Name", "equals", "Query"),
      "<QueryAllAccounts>true</QueryAllAccounts>",
    );
    expect([(await names(parent, all)).length, (await names(child, all)).length]).toEqual([3, 1]);
  });

  test("MCE 2.3: without the scope SOAP refuses to show, to write and to perform", async () => {
    const token = await wire.token(parent, "a", "offline");
    const seen = await wire.soap(retrieve("DataExtension", ["Name"]), { token });
    const made = await wire.soap(write("Create", "DataExtension", aDataExtension("Unscoped", aField("V"))), { token });
    const started = await wire.soap(perform("<ObjectID>x</ObjectID>"), { token });
    expect([overallOf(seen), resultOf(seen), overallOf(made), overallOf(started)]).toEqual([
      "Error: API Permission Failed.",
      undefined,
      "Error",
      "Error",
    ]);
  });

  test("a child creates nothing in the parent", async () => {
    const body = write(
      "Create",
      "DataExtension",
      `<Client><ID>${parent}</ID></Client>${aDataExtension("Smuggled", aField("V"))}`,
    );
    await wire.soap(body, { token: await wire.token(child) });
    expect(await names(parent, retrieve("DataExtension", ["Name"], where("Name", "equals", "Smuggled")))).toEqual([]);
  });

  test.each([
    ["Overwrite", "SELECT '1' AS Id, 'a' AS V", 1],
    ["Append", "SELECT '2' AS Id, 'b' AS V", 2],
    ["Update", "SELECT '2' AS Id, 'c' AS V UNION ALL SELECT '3', 'd'", 3],
  ])("a child's query writes to a shared data extension by its key: %s", async (mode, sql, count) => {
    const token = await wire.token(child);
    const created = resultOf(
      await wire.soap(write("Create", "QueryDefinition", aQuery(`Into shared ${mode}`, "Shared", sql, mode)), {
        token,
      }),
    );
    expect(created["StatusCode"]).toBe("OK");
    await wire.soap(perform(`<ObjectID>${String(created["NewObjectID"])}</ObjectID>`), { token });
    await wire.advance(3000);
    const authorization = `Bearer ${await wire.token(parent)}`;
    const rows = await wire.call("GET", "/data/v1/customobjectdata/key/Shared/rowset", undefined, { authorization });
    expect(rows.json["count"]).toBe(count);
    const read = await wire.call("POST", "/sandbox/sql", { sql: "SELECT V FROM Ent.Shared", mid: child });
    expect(read.json["rows"]).toHaveLength(count);
  });

  test("a child's query cannot write to what is not shared", async () => {
    const body = write("Create", "QueryDefinition", aQuery("Into private", "Private", "SELECT 'a' AS V"));
    const answer = await wire.soap(body, { token: await wire.token(child) });
    expect(overallOf(answer)).toBe("Error");
  });

  test("another enterprise cannot perform, see or delete this one's query", async () => {
    const created = resultOf(
      await wire.soap(write("Create", "QueryDefinition", aQuery("Ours", "Private", "SELECT 'a' AS V"))),
    );
    const id = `<ObjectID>${String(created["NewObjectID"])}</ObjectID>`;
    const token = await wire.token(8000001, "b");
    const started = await wire.soap(perform(id), { token });
    const deleted = await wire.soap(write("Delete", "QueryDefinition", id), { token });
    const seen = await wire.soap(retrieve("QueryDefinition", ["Name"], where("Name", "equals", "Ours")), { token });
    expect([overallOf(started), overallOf(deleted), resultOf(seen)]).toEqual(["Error", "Error", undefined]);
  });
});
