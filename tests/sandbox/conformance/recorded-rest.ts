import { expect } from "vitest";
import { make } from "../support/wire-assets.ts";
import { behave, type Case, rest } from "../support/wire-case.ts";
import { aDataExtension, aField } from "../support/wire-messages.ts";
import { create, keyed, refused } from "../support/wire-queries.ts";
import type { Json, Wire } from "../support/wire.ts";

const validate = (wire: Wire, body: Json) => rest(wire, "POST", "/automation/v1/queries/actions/validate/", body);
const ownTarget = "Update Type must be 'Update' or the target data extension cannot appear in the query.";
const own = "SELECT t.EmailAddress FROM Customers c JOIN Target t ON t.EmailAddress = c.EmailAddress";
const exclusion = "Could not build exclusion text for unknown subscriber field type _Subscriber Key.";

/** Creates a query over REST into the data extension `Target`. */
async function posted(wire: Wire, queryText: string, fields = aField("EmailAddress"), more = ""): Promise<unknown> {
  await make(wire, aDataExtension("Target", fields, more));
  const body = { name: "Q", key: "q", queryText, targetKey: "Target", targetUpdateTypeId: 0, categoryId: 4712 };
  return rest(wire, "POST", "/automation/v1/queries", body);
}

/** Answers of REST, and what saving a query says, as they were recorded. */
export const recordedRestCases: Case[] = [
  {
    facts: "5.5",
    what: "validate: errors and warnings are objects, errorMessage is empty",
    ask: (wire) => validate(wire, { Text: "SELECT Nope FROM Customers" }),
    gives: {
      http: 200,
      body: {
        queryValid: false,
        errors: [{ message: expect.stringContaining("Invalid column name 'Nope'.") }],
        warnings: [{ message: expect.stringMatching(/^Just a heads-up/) }],
        errorMessage: "",
      },
    },
  },
  ...(["Overwrite", "Append"] as const).map((mode): Case =>
    refused("5.1", `${mode} that reads its own target`, own, ownTarget, { mode }),
  ),
  {
    facts: "5.1",
    what: "Update may read its own target",
    ask: async (wire) =>
      (
        await create(wire, "SELECT Id, EmailAddress FROM Target", {
          mode: "Update",
          fields: keyed(aField("EmailAddress")),
        })
      )["StatusCode"],
    gives: "OK",
  },
  {
    facts: "5.1",
    what: "REST's texts: of a query that reads its own target, and of WITH",
    ask: async (wire) => [
      await posted(wire, own),
      await posted(wire, "WITH a AS (SELECT EmailAddress FROM Customers) SELECT EmailAddress FROM a"),
    ],
    gives: [
      { http: 400, body: { message: ownTarget } },
      {
        http: 400,
        body: {
          message:
            "Error saving the Query field. Only SELECT queries are valid. Select must be the first word of the query.",
        },
      },
    ],
  },
  {
    facts: "5.1",
    what: "a sendable target where accounts refuse it",
    ask: async (wire) => {
      await behave(wire, { sendableTarget: "refuse" });
      const sendable =
        "<IsSendable>true</IsSendable><SendableSubscriberField><Name>Subscriber Key</Name></SendableSubscriberField>";
      return posted(wire, "SELECT EmailAddress FROM Customers", aField("EmailAddress"), sendable);
    },
    gives: { http: 400, body: { message: exclusion } },
  },
  {
    facts: "5.5",
    what: "the validated text: its lines, each table with its account, both semicolons, before the folder",
    ask: async (wire) => {
      const { body } = (await posted(
        wire,
        "SELECT c.EmailAddress FROM Customers c, [order] o JOIN /* x */ Ent._Subscribers s ON s.SubscriberKey IN (SELECT CustomerKey FROM Customers)",
      )) as { body: Json };
      const members = Object.keys(body);
      return [body["validatedQueryText"], members.indexOf("categoryId") - members.indexOf("validatedQueryText")];
    },
    gives: [
      "SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;\r\n\r\n" +
        "INSERT INTO C7000001.[Target] ([EmailAddress])\r\nSELECT querydef.[EmailAddress]\r\n" +
        "FROM (SELECT c.EmailAddress FROM C7000001.[Customers] c, C7000001.[order] o JOIN /* x */ C7000001.[_Subscribers] s ON s.SubscriberKey IN (SELECT CustomerKey FROM C7000001.[Customers])) AS querydef \r\n" +
        "SELECT @rcInsert = @@ROWCOUNT;;\r\n",
      1,
    ],
  },
  {
    facts: "7.1",
    what: "keys of a data extension without primary key are empty",
    ask: async (wire) => {
      await make(wire, aDataExtension("Keyless", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Keyless/rowset", [{ values: { A: "1" } }]);
      const { body } = await rest(wire, "GET", "/data/v1/customobjectdata/key/Keyless/rowset");
      return JSON.stringify((body as Json)["items"]);
    },
    gives: '[{"keys":{},"values":{"a":"1"}}]',
  },
  {
    facts: "2.6",
    what: "automation calls in a hurry: 500, and no word of throttling",
    ask: async (wire) => {
      await behave(wire, { automationCalls: 1 });
      const list = () => rest(wire, "GET", "/automation/v1/queries");
      return [(await list()).http, await list()];
    },
    gives: [200, { http: 500, body: { message: "Internal Server Error", errorcode: 0 } }],
  },
  {
    facts: "1.3",
    what: "the token's answer comes gzipped to who asks for it",
    ask: async (wire) => {
      const credentials = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
      const body = { grant_type: "client_credentials", ...credentials };
      const asked = async (accepted: string) => {
        const { headers, json } = await wire.call("POST", "/v2/token", body, { "accept-encoding": accepted });
        return [headers.get("content-encoding"), json["expires_in"]];
      };
      return [await asked("gzip"), await asked("identity")];
    },
    gives: [
      ["gzip", 1079],
      [null, 1079],
    ],
  },
  {
    facts: "7.3",
    what: "asynchronous rows are a list with keys and values; `items` is refused",
    ask: async (wire) => {
      const write = async (body: unknown) =>
        (await rest(wire, "POST", "/hub/v1/dataeventsasync/key:order.v2/rowset", body)).http;
      const values = { From: "async" };
      return [await write({ items: [{ Select: 77, ...values }] }), await write([{ keys: { Select: 77 }, values }])];
    },
    gives: [400, 202],
  },
  ...["Total (EUR)", "Open %", " lead ", "a.b", "€", "📧", "x/y", "[a]", "a&amp;b", "#1"].map((name): Case => ({
    facts: "4.4",
    what: `no field can be named ${name}`,
    ask: (wire) => make(wire, aDataExtension("Odd", aField(name))),
    gives: { StatusCode: "Error", ErrorCode: "310007" },
  })),
  {
    facts: "4.4",
    what: "fields have letters of any language, digits, _, space and -, and the platform's : and '",
    ask: (wire) =>
      make(
        wire,
        aDataExtension("Fine", ["Größe", "名前", "2nd_A-b c", "a:b", "What's New"].map((it) => aField(it)).join("")),
      ),
    gives: { StatusCode: "OK" },
  },
];
