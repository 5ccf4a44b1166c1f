import { expect } from "vitest";
import { guid } from "../support/wire-assets.ts";
import { behave, type Case, rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, write } from "../support/wire-messages.ts";
import type { Json, Wire } from "../support/wire.ts";

// Objects, in every case that asks for them.
const bodyOf = async (answer: Promise<{ body: unknown }>) => (await answer).body as Json;
const query = {
  name: "Rest",
  key: "rest",
  description: "",
  queryText: "SELECT ProductID, ProductName, Price FROM Products",
  targetKey: "Copy",
  targetUpdateTypeId: 0,
  categoryId: 4712,
};
async function makeQuery(wire: Wire, change: Json = {}): Promise<{ http: number; body: Json }> {
  const fields = ["ProductID", "ProductName", "Price"].map((it) => aField(it)).join("");
  await soap(wire, write("Create", "DataExtension", aDataExtension("Copy", fields)));
  const made = await rest(wire, "POST", "/automation/v1/queries", { ...query, ...change });
  // REST answers objects here.
  return { http: made.http, body: made.body as Json };
}
const path = (made: { body: Json }, rest = "") =>
  `/automation/v1/queries/${String(made.body["queryDefinitionId"])}${rest}`;
const validate = (wire: Wire, body: Json) => rest(wire, "POST", "/automation/v1/queries/actions/validate/", body);

/** MCE 5.5 and 5.2: query activities over REST. */
export const restQueryCases: Case[] = [
  {
    facts: "5.5",
    what: "create from the flat form: the item and the text as it will run",
    ask: (wire) => makeQuery(wire),
    gives: {
      http: 200,
      body: {
        queryDefinitionId: expect.stringMatching(guid),
        name: "Rest",
        key: "rest",
        targetKey: "Copy",
        targetName: "Copy",
        targetId: expect.stringMatching(guid),
        targetUpdateTypeId: 0,
        targetUpdateTypeName: "Overwrite",
        categoryId: 4712,
        isFrozen: false,
        validatedQueryText: expect.stringMatching(
          /^SET NOCOUNT ON;.*\r\n\r\nINSERT INTO C7000001\.\[Copy\] \(\[ProductID\], \[ProductName\], \[Price\]\)\r\n/,
        ),
      },
    },
  },
  {
    facts: "5.5",
    what: "a nested target is 500",
    ask: async (wire) => (await makeQuery(wire, { targetKey: undefined, target: { key: "Copy" } })).http,
    gives: 500,
  },
  {
    facts: "5.5",
    what: "bad SQL is the checker's message",
    ask: (wire) => makeQuery(wire, { queryText: "SELECT Nope FROM Products" }),
    gives: {
      http: 400,
      body: { message: expect.stringContaining("An error occurred while checking the query syntax") },
    },
  },
  {
    facts: "5.5",
    what: "GET and PATCH by ObjectID",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      const change = { description: "changed", targetUpdateTypeId: 2 };
      const patched = await rest(wire, "PATCH", path(made), change);
      return [patched.http, (await rest(wire, "GET", path(made))).body];
    },
    gives: [200, { name: "Rest", description: "changed", targetUpdateTypeName: "Append", targetUpdateTypeId: 2 }],
  },
  {
    facts: "5.5",
    what: "PATCH checks SQL, GET by key is 404",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      const bad = await rest(wire, "PATCH", path(made), { queryText: "SELECT Nope FROM Products" });
      return [bad.http, (await rest(wire, "GET", "/automation/v1/queries/rest")).http];
    },
    gives: [400, 404],
  },
  {
    facts: "5.5",
    what: "the list: pages of at most 25, $filter by name",
    ask: async (wire) => {
      await makeQuery(wire);
      for (let n = 0; n < 30; n++)
        await rest(wire, "POST", "/automation/v1/queries", { ...query, name: `N${n}`, key: `n${n}` });
      const list = async (more: string) => bodyOf(rest(wire, "GET", `/automation/v1/queries?${more}`));
      const [first, second] = [await list("$page=1&$pageSize=100"), await list("$page=2&$pageSize=100")];
      const named = await list("$filter=Name eq N7");
      return [first, second, named].map((it) => [it["count"], it["pageSize"], (it["items"] as unknown[]).length]);
    },
    gives: [
      [31, 25, 25],
      [31, 25, 6],
      [1, 25, 1],
    ],
  },
  {
    facts: "5.5",
    what: "start: empty body OK, {} OK, another body refused",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      const start = async (body?: unknown) => rest(wire, "POST", path(made, "/actions/start/"), body);
      return [await start(), await start({}), (await start({ targetKey: "Copy" })).http];
    },
    gives: [{ http: 200, body: "OK" }, { http: 200, body: "OK" }, 400],
  },
  {
    facts: "5.5",
    what: "isrunning: by ObjectID, a key is 400",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      await rest(wire, "POST", path(made, "/actions/start/"));
      const during = await bodyOf(rest(wire, "GET", path(made, "/actions/isrunning/")));
      await wire.advance(3000);
      const after = await bodyOf(rest(wire, "GET", path(made, "/actions/isrunning")));
      return [
        during["isRunning"],
        after["isRunning"],
        (await rest(wire, "GET", "/automation/v1/queries/rest/actions/isrunning/")).http,
      ];
    },
    gives: [true, false, 400],
  },
  {
    facts: "5.5",
    what: "log: empty on success, the error's text else",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      await behave(wire, { errorMsg: "Divide by zero error encountered." });
      await rest(wire, "POST", path(made, "/actions/start/"));
      const before = await rest(wire, "GET", path(made, "/log"));
      await wire.advance(3000);
      return [before.body, (await rest(wire, "GET", path(made, "/log"))).body];
    },
    gives: [
      { count: 0, items: [] },
      { count: 1, items: [{ statusMessage: "Divide by zero error encountered." }] },
    ],
  },
  {
    facts: "5.5",
    what: "DELETE answers a JSON string OK",
    ask: async (wire) => {
      const made = await makeQuery(wire);
      return [await rest(wire, "DELETE", path(made)), (await rest(wire, "GET", path(made))).http];
    },
    gives: [{ http: 200, body: "OK" }, 404],
  },
  ...(
    [
      ["good SQL", "SELECT ProductID FROM Products WHERE Price > 1", true],
      ["ORDER BY without TOP", "SELECT ProductID FROM Products WHERE Price > 1 ORDER BY Price", false],
      ["a semicolon", "SELECT ProductID FROM Products WHERE 1 = 1;", false],
      ["UPDATE", "UPDATE Products SET Price = 0 WHERE 1 = 1", false],
      ["nonsense", "SELEC", false],
    ] as const
  ).map(([what, Text, queryValid]): Case => ({
    facts: "5.5",
    what: `validate: ${what}`,
    ask: (wire) => validate(wire, { Text }),
    gives: {
      http: 200,
      body: { queryValid, errors: queryValid ? [] : [{ message: expect.any(String) }], warnings: expect.any(Array) },
    },
  })),
  {
    facts: "5.5",
    what: "validate wants Text, not queryText",
    ask: async (wire) => (await validate(wire, { queryText: "SELECT 1 AS A" })).http,
    gives: 400,
  },
  {
    facts: "5.2",
    what: "no WHERE is a warning and no error",
    ask: (wire) => validate(wire, { Text: "SELECT ProductID FROM Products" }),
    gives: { body: { queryValid: true, warnings: [{ message: expect.stringMatching(/^Just a heads-up/) }] } },
  },
];
