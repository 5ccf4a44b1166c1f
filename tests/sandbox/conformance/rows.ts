import { expect } from "vitest";
import { guid } from "../support/wire-assets.ts";
import { type Case, rest } from "../support/wire-case.ts";
import { performed } from "../support/wire-messages.ts";
import type { Json, Wire } from "../support/wire.ts";

const rowset = (wire: Wire, key: string, query = "", as: Parameters<typeof rest>[4] = {}) =>
  rest(wire, "GET", `/data/v1/customobjectdata/key/${encodeURIComponent(key)}/rowset${query}`, undefined, as);
// Objects, in every case that asks for them.
const bodyOf = async (answer: Promise<{ body: unknown }>) => (await answer).body as Json;
// The shape of a rowset with items.
const keysOf = (body: Json) =>
  (body["items"] as { keys: Record<string, string> }[]).map((it) => Object.values(it.keys)[0]);

const write3 = (wire: Wire, body: unknown, key = "order.v2") =>
  rest(wire, "POST", `/hub/v1/dataevents/key:${key}/rowset`, body);

/** MCE 7 and 2.6: rows over REST. */
export const rowCases: Case[] = [
  {
    facts: "7.1",
    what: "the first page: links without /data, count of all, no next on the last page",
    ask: async (wire) => {
      const body = await bodyOf(rowset(wire, "order.v2", "?$pageSize=12"));
      return { ...body, hasNext: "next" in (body["links"] as Json), items: undefined };
    },
    gives: {
      links: { self: expect.stringMatching(/^\/v1\/customobjectdata\/token\/[0-9a-f-]{36}\/rowset\?\$page=1$/) },
      requestToken: expect.stringMatching(guid),
      tokenExpireDateUtc: expect.stringMatching(/^2026-01-15T18:\d\d:\d\d\.\d{3}$/),
      customObjectId: expect.stringMatching(guid),
      customObjectKey: "order.v2",
      pageSize: 12,
      page: 1,
      count: 12,
      top: 0,
      hasNext: false,
    },
  },
  {
    facts: "7.1",
    what: "names in lower case, keys apart, every value text, NULL empty",
    ask: async (wire) => (await bodyOf(rowset(wire, "order.v2", "?$orderBy=Select&$pageSize=1")))["items"],
    gives: [{ keys: { select: "1", from: "row 1" }, values: { group: "", order: "12", key: "k", value: "0.50" } }],
  },
  {
    facts: "7.1",
    what: "dates are US style, booleans True and False",
    ask: async (wire) => (await bodyOf(rowset(wire, "All Types", "?$orderBy=Id&$pageSize=2")))["items"],
    gives: [
      { values: { moment: "1/1/1753 12:00:00 AM", flag: "False" } },
      { values: { moment: "12/31/9999 11:59:59 PM", flag: "True" } },
    ],
  },
  {
    facts: "7.1",
    what: "a page by token keeps the size, and the pages hold every row once",
    ask: async (wire) => {
      const first = await bodyOf(rowset(wire, "order.v2", "?$pageSize=5"));
      const pages = [first];
      for (const page of [2, 3]) {
        const next = `/data/v1/customobjectdata/token/${String(first["requestToken"])}/rowset?$page=${page}`;
        pages.push(await bodyOf(rest(wire, "GET", next)));
      }
      return [pages.map((it) => [it["page"], it["pageSize"]]), new Set(pages.flatMap(keysOf)).size];
    },
    gives: [
      [
        [1, 5],
        [2, 5],
        [3, 5],
      ],
      12,
    ],
  },
  {
    facts: "7.1",
    what: "no rows: count 0 and no items",
    ask: async (wire) => {
      const body = await bodyOf(rowset(wire, "No Rows"));
      return [body["count"], "items" in body, (body["links"] as Json)["self"]];
    },
    gives: [0, false, expect.any(String)],
  },
  {
    facts: "7.1",
    what: "the default and largest page is 2500",
    ask: async (wire) => {
      const body = await bodyOf(rowset(wire, "Big List", "?$pageSize=5000"));
      return [body["pageSize"], body["count"], (body["items"] as unknown[]).length];
    },
    gives: [2500, 100_000, 2500],
  },
  {
    facts: "7.1",
    what: "two requests by key come in different orders",
    ask: async (wire) => {
      const orders = [];
      for (let turn = 0; turn < 5; turn++) orders.push(keysOf(await bodyOf(rowset(wire, "order.v2"))).join());
      return new Set(orders).size > 1;
    },
    gives: true,
  },
  ...(
    [
      ["$filter eq", "?$filter=Select eq 3", ["3"]],
      ["$filter and", "?$filter=Select gt 2 and Select le 4&$orderBy=Select", ["3", "4"]],
      ["$filter or", "?$filter=From eq 'row 1' or From eq 'ROW 12'&$orderBy=Select", ["1", "12"]],
      ["$filter like", "?$filter=From like 'row 1%25'&$orderBy=Select", ["1", "10", "11", "12"]],
      ["$orderBy desc", "?$orderBy=Select desc&$pageSize=2", ["12", "11"]],
      ["$top", "?$orderBy=Select&$top=2", ["1", "2"]],
      ["names without $", "?orderBy=Select&pagesize=1", ["1"]],
    ] as const
  ).map(([what, parameters, keys]): Case => ({
    facts: "7.1",
    what,
    ask: async (wire) => keysOf(await bodyOf(rowset(wire, "order.v2", parameters))),
    gives: keys,
  })),
  {
    facts: "7.1",
    what: "$fields",
    ask: async (wire) =>
      (await bodyOf(rowset(wire, "order.v2", "?$fields=Value,Select&$orderBy=Select&$pageSize=1")))["items"],
    gives: [{ keys: { select: "1" }, values: { value: "0.50" } }],
  },
  ...(
    [
      ["an unknown key", "nope"],
      ["the name of one whose key is another", "Order"],
      ["a data view", "_Sent"],
    ] as const
  ).map(([what, key]): Case => ({
    facts: "7.1",
    what,
    ask: (wire) => rowset(wire, key),
    gives: { http: 404, body: { message: expect.stringContaining("cannot be retrieved for key") } },
  })),
  {
    facts: "7.1",
    what: "a synchronized data extension is 403",
    ask: async (wire) => (await rowset(wire, "Contact_Salesforce")).http,
    gives: 403,
  },
  {
    facts: "7.1",
    what: "POST and PUT on the path are 404",
    ask: async (wire) => {
      const at = "/data/v1/customobjectdata/key/Orders/rowset";
      return [(await rest(wire, "POST", at, {})).http, (await rest(wire, "PUT", at, {})).http];
    },
    gives: [404, 404],
  },
  {
    facts: "7.1",
    what: "a new data extension is not ready before its run ends",
    ask: async (wire) => {
      await performed(wire, "Fresh", "SELECT TOP 3 EmailAddress FROM Customers");
      const early = await rowset(wire, "Fresh");
      await wire.advance(3000);
      return [early.http, (await bodyOf(rowset(wire, "Fresh")))["count"]];
    },
    gives: [404, 3],
  },
  {
    facts: "7.2",
    what: "an unknown path",
    ask: (wire) => rest(wire, "GET", "/data/v1/nothing"),
    gives: { http: 404, body: { message: "Not Found", errorcode: 404, documentation: "" } },
  },
  {
    facts: "7.2",
    what: "a row that does not fit",
    ask: (wire) => write3(wire, [{ keys: { Select: "1", From: "x".repeat(21) }, values: {} }]),
    gives: {
      http: 400,
      body: {
        errorcode: 10_006,
        message: expect.stringMatching(/^Unable to save rows for data extension ID /),
        additionalErrors: [{ errorcode: 10_000, message: expect.any(String), documentation: "" }],
      },
    },
  },
  {
    facts: "7.3",
    what: "rows come back camel-cased, values as text",
    ask: (wire) => write3(wire, [{ keys: { Select: 1, From: "row 1" }, values: { Value: 9.5 } }]),
    gives: { http: 200, body: [{ keys: { select: "1", from: "row 1" }, values: { value: "9.5" } }] },
  },
  {
    facts: "7.3",
    what: "the asynchronous twin is 202, its status says how it went",
    ask: async (wire) => {
      const rows = { items: [{ Select: 99, From: "new", Value: 1 }] };
      const later = await rest(wire, "POST", "/data/v1/async/dataextensions/key:order.v2/rows", rows);
      const id = String((later.body as Json)["requestId"]);
      const status = await bodyOf(rest(wire, "GET", `/data/v1/async/${id}/status`));
      return [later.http, status["status"], (await bodyOf(rowset(wire, "order.v2")))["count"]];
    },
    gives: [202, { requestStatus: "Complete", hasErrors: false }, 13],
  },
  {
    facts: "7.3",
    what: "an asynchronous write that fails says so in its status",
    ask: async (wire) => {
      const rows = [{ keys: { Select: 1, From: "x".repeat(21) }, values: {} }];
      const later = await rest(wire, "POST", "/hub/v1/dataeventsasync/key:order.v2/rowset", rows);
      const id = String((later.body as Json)["requestId"]);
      return [later.http, (await bodyOf(rest(wire, "GET", `/data/v1/async/${id}/status`)))["status"]];
    },
    gives: [202, { hasErrors: true, resultStatus: "Error" }],
  },
  ...(
    [
      ["throttled", 429, { errorcode: 50_100, message: "Rate limit exceeded", retryAfter: 5 }, "5"],
      ["blocked", 429, { errorcode: 50_200, message: "Your requests are temporarily blocked." }, null],
    ] as const
  ).map(([as, status, json, retryAfter]): Case => ({
    facts: "2.6",
    what: `REST ${as}`,
    ask: async (wire) => {
      await wire.call("POST", "/sandbox/faults", [{ call: "REST rowset", as }]);
      const answer = await wire.call("GET", "/data/v1/customobjectdata/key/Orders/rowset");
      return { status: answer.status, json: answer.json, retryAfter: answer.headers.get("retry-after") };
    },
    gives: { status, json, retryAfter },
  })),
];
