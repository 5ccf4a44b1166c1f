import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, aQuery, resultOf, write } from "./support/wire-messages.ts";

let wire: Wire;
let authorization: string;
const rows = Array.from({ length: 7 }, (_, at) => ({
  keys: { Id: String(at) },
  values: {
    Email: `u${at}@example.com`,
    OptIn: at % 2 === 0,
    Joined: "2024-06-23 00:00:00.000",
    Score: "1.50",
    Note: at === 0 ? null : `n ${at}`,
  },
}));

beforeAll(async () => {
  wire = await openWire();
  authorization = `Bearer ${await wire.token()}`;
  const key = aField("Id", "Text", "<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>");
  const decimal = aField("Score", "Decimal", "<MaxLength>6</MaxLength><Scale>2</Scale>");
  const fields =
    key + aField("Email") + aField("OptIn", "Boolean") + aField("Joined", "Date") + decimal + aField("Note");
  await wire.soap(write("Create", "DataExtension", aDataExtension("Rows & Co", fields).replaceAll("&", "&amp;")));
  await wire.soap(write("Create", "DataExtension", aDataExtension("Empty", aField("A"))));
  await wire.soap(write("Create", "DataExtension", aDataExtension("Keyless", aField("A"))));
  await post("/hub/v1/dataevents/key:Rows%20%26%20Co/rowset", rows);
  await post("/hub/v1/dataevents/key:Keyless/rowset", [{ values: { A: "x" } }]);
});
afterAll(() => wire.close());

const get = (path: string) => wire.call("GET", path, undefined, { authorization });
const post = (path: string, body?: unknown) => wire.call("POST", path, body, { authorization });
const byKey = (more = "", key = "Rows%20%26%20Co") => get(`/data/v1/customobjectdata/key/${key}/rowset${more}`);
type Item = { keys: Record<string, string>; values: Record<string, string> };
// Tests below look at rowset answers that have items.
const items = (json: Json) => (json["items"] ?? []) as Item[];
const ids = (json: Json) => items(json).map((it) => it.keys["id"]);

describe("rowset, MCE 7.1", () => {
  test("the first page: links without /data, names in lower case, every value text, NULL empty", async () => {
    const { status, json } = await byKey("?$page=1&$pageSize=7&$orderBy=Id asc");
    expect(status).toBe(200);
    const token = String(json["requestToken"]);
    expect(json).toMatchObject({
      links: { self: `/v1/customobjectdata/token/${token}/rowset?$page=1` },
      tokenExpireDateUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
      customObjectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      customObjectKey: "Rows & Co",
      pageSize: 7,
      page: 1,
      count: 7,
      top: 0,
    });
    expect(json["links"]).not.toHaveProperty("next");
    expect(items(json)[0]).toEqual({
      keys: { id: "0" },
      values: { email: "u0@example.com", optin: "True", joined: "6/23/2024 12:00:00 AM", score: "1.50", note: "" },
    });
  });

  test("pages of one token are disjoint and complete; next is absent on the last", async () => {
    const first = await byKey("?$pageSize=3");
    const next = String((first.json["links"] as Json)["next"]);
    expect(next).toBe(`/v1/customobjectdata/token/${String(first.json["requestToken"])}/rowset?$page=2`);
    const second = await get(`/data${next}`);
    const third = await get(`/data${next.replace("=2", "=3")}`);
    expect(second.json).toMatchObject({ page: 2, pageSize: 3, count: 7 });
    expect(third.json["links"]).not.toHaveProperty("next");
    const all = [first, second, third].flatMap((it) => ids(it.json)).map(Number);
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("each request by key shuffles anew; a token keeps its order", async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, async () => ids((await byKey()).json).join()));
    expect(new Set(orders).size).toBeGreaterThan(1);
    const { json } = await byKey();
    expect(
      ids((await get(`/data/v1/customobjectdata/token/${String(json["requestToken"])}/rowset?$page=1`)).json),
    ).toEqual(ids(json));
  });

  test("a snapshot does not change with its data extension", async () => {
    await wire.soap(write("Create", "DataExtension", aDataExtension("Moving", aField("A"))));
    await post("/hub/v1/dataevents/key:Moving/rowset", [{ values: { A: "1" } }]);
    const token = String((await byKey("", "Moving")).json["requestToken"]);
    await post("/hub/v1/dataevents/key:Moving/rowset", [{ values: { A: "2" } }]);
    expect((await get(`/data/v1/customobjectdata/token/${token}/rowset`)).json["count"]).toBe(1);
    expect((await byKey("", "Moving")).json["count"]).toBe(2);
  });

  test("an empty data extension has no items", async () => {
    const { json } = await byKey("", "Empty");
    expect(json).toMatchObject({ count: 0, links: { self: expect.any(String) } });
    expect(json).not.toHaveProperty("items");
  });

  test("without a primary key keys are empty", async () => {
    expect(items((await byKey("", "Keyless")).json)).toEqual([{ keys: {}, values: { a: "x" } }]);
  });

  test.each<[string, string, string[]]>([
    ["$orderBy desc", "?$orderBy=Id desc&$pageSize=3", ["6", "5", "4"]],
    ["$filter eq", "?$filter=Email eq 'u3@example.com'", ["3"]],
    ["$filter with and", "?$filter=OptIn eq 'True' and Id gt '2'&$orderBy=Id", ["4", "6"]],
    ["$filter with or", "?$filter=Id eq '1' or Id eq '5'&$orderBy=Id", ["1", "5"]],
    ["$top", "?$orderBy=Id&$top=2", ["0", "1"]],
    ["names without $", "?orderBy=Id&pagesize=2&page=1", ["0", "1"]],
  ])("%s", async (_, parameters, found) => {
    expect(ids((await byKey(parameters)).json)).toEqual(found);
  });

  test("$fields limits the columns", async () => {
    expect(items((await byKey("?$fields=Id,Note&$orderBy=Id&$pageSize=1")).json)).toEqual([
      { keys: { id: "0" }, values: { note: "" } },
    ]);
  });

  test("a page size above 2500 is 2500", async () => {
    expect((await byKey("?$pageSize=9999")).json["pageSize"]).toBe(2500);
  });

  test.each([
    ["an unknown key", "no-such-key"],
    ["a data view", "_Sent"],
  ])("%s is an error whose message says cannot be retrieved for key", async (_, key) => {
    const message = expect.stringContaining("cannot be retrieved for key");
    expect(await byKey("", key)).toMatchObject({ status: 404, json: { message, documentation: "" } });
  });

  test("POST on the path is 404; a key of another business unit too", async () => {
    expect((await post("/data/v1/customobjectdata/key/Empty/rowset", {})).status).toBe(404);
    const foreign = { authorization: `Bearer ${await wire.token(7000011)}` };
    expect((await wire.call("GET", "/data/v1/customobjectdata/key/Empty/rowset", undefined, foreign)).status).toBe(404);
  });

  test("a request token expires", async () => {
    await wire.call("POST", "/sandbox/behaviours", { rowsetTokenLifeMs: 60_000 });
    const path = `/data/v1/customobjectdata/token/${String((await byKey()).json["requestToken"])}/rowset`;
    await wire.advance(59_999);
    expect((await get(path)).status).toBe(200);
    await wire.advance(1);
    expect((await get(path)).status).toBe(400);
  });
});

describe("row writes, MCE 7.2 and 7.3", () => {
  test("answers the same rows, names camel-cased, values text", async () => {
    const answer = await post("/hub/v1/dataevents/key:Rows%20%26%20Co/rowset", rows.slice(0, 1));
    expect(answer.json).toMatchObject([
      { keys: { id: "0" }, values: { email: "u0@example.com", optIn: "true", score: "1.50" } },
    ]);
  });

  test("a row that does not fit is 10006 with its cause", async () => {
    const answer = await post("/hub/v1/dataevents/key:Rows%20%26%20Co/rowset", [
      { keys: { Id: "x".repeat(11) }, values: {} },
    ]);
    expect(answer).toMatchObject({
      status: 400,
      json: {
        errorcode: 10006,
        message: expect.stringMatching(/^Unable to save rows for data extension ID /),
        additionalErrors: [{ errorcode: 10000 }],
      },
    });
  });
});

describe("query activities, MCE 5.5", () => {
  const flat = {
    name: "Rest",
    key: "rest",
    description: "",
    queryText: "SELECT A FROM Keyless",
    targetKey: "Empty",
    targetUpdateTypeId: 0,
    categoryId: 4712,
  };

  test("create, get, list, log, start, delete", async () => {
    const created = await post("/automation/v1/queries", flat);
    expect(created).toMatchObject({
      status: 200,
      json: { key: "rest", targetName: "Empty", targetUpdateTypeName: "Overwrite", categoryId: 4712, isFrozen: false },
    });
    const path = `/automation/v1/queries/${String(created.json["queryDefinitionId"])}`;
    expect((await get(path)).json["queryText"]).toBe(flat.queryText);
    expect((await get("/automation/v1/queries?$page=1&$pageSize=500&$filter=Name eq Rest")).json).toMatchObject({
      count: 1,
      page: 1,
      pageSize: 25,
      items: [{ name: "Rest" }],
    });
    expect((await get(`${path}/log`)).json).toEqual({ count: 0, items: [] });
    const key = path.replace(/[^/]+$/, "rest");
    expect([(await get(key)).status, (await get(`${key}/actions/isrunning/`)).status]).toEqual([404, 400]);
    const refused = await post(`${path}/actions/start/`, { targetKey: "Empty" });
    const started = await post(`${path}/actions/start/`);
    expect([refused.status, started.status, started.text]).toEqual([400, 200, '"OK"']);
    expect((await get(`${path}/actions/isrunning/`)).json).toMatchObject({ isRunning: true });
    const removed = await wire.call("DELETE", path, undefined, { authorization });
    expect([removed.status, removed.text, (await get(path)).status]).toEqual([200, '"OK"', 404]);
  });

  test("create wants the flat form; nested target is 500", async () => {
    const { targetKey, ...rest } = flat;
    expect((await post("/automation/v1/queries", { ...rest, target: { key: targetKey } })).status).toBe(500);
  });

  test("5.2: create with bad SQL is an error of the checker", async () => {
    const answer = await post("/automation/v1/queries", {
      ...flat,
      name: "Bad",
      key: "bad",
      queryText: "SELECT B FROM Keyless",
    });
    expect(answer).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining("An error occurred while checking the query syntax") },
    });
  });

  test.each<[string, Json, boolean]>([
    ["good SQL", { Text: "SELECT A FROM Keyless" }, true],
    ["an unknown column", { Text: "SELECT B FROM Keyless" }, false],
    ["a semicolon", { Text: "SELECT A FROM Keyless;" }, false],
    ["no SELECT", { Text: "DELETE FROM Keyless" }, false],
  ])("validate: %s", async (_, body, queryValid) => {
    const { status, json } = await post("/automation/v1/queries/actions/validate/", body);
    expect(status).toBe(200);
    expect(json).toMatchObject({ queryValid, errors: queryValid ? [] : [{ message: expect.any(String) }] });
  });

  test("validate: the member is Text, not queryText", async () => {
    expect((await post("/automation/v1/queries/actions/validate/", { queryText: "SELECT 1 AS A" })).status).toBe(400);
  });

  test("validate: no WHERE is only a warning", async () => {
    const { json } = await post("/automation/v1/queries/actions/validate/", { Text: "SELECT A FROM Keyless" });
    expect(json["warnings"]).toEqual([{ message: expect.stringMatching(/^Just a heads-up/) }]);
  });

  test("SOAP and REST show the same query", async () => {
    const made = resultOf(
      await wire.soap(
        write("Create", "QueryDefinition", aQuery("Shared view", "Empty", "SELECT A FROM Keyless", "Append")),
      ),
    );
    expect((await get(`/automation/v1/queries/${String(made["NewObjectID"])}`)).json).toMatchObject({
      key: "Shared view",
      targetUpdateTypeId: 2,
    });
  });

  test("7.2: an unknown path is 404 in the envelope", async () => {
    expect(await get("/automation/v1/nothing")).toMatchObject({
      status: 404,
      json: { errorcode: 404, message: "Not Found", documentation: "" },
    });
  });
});
