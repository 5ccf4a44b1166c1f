import { expect } from "vitest";
import { make, makeFolder, one } from "../support/wire-assets.ts";
import { type Case, rest, soap } from "../support/wire-case.ts";
import {
  aDataExtension,
  aField,
  aQuery,
  perform,
  performed,
  retrieve,
  where,
  write,
} from "../support/wire-messages.ts";
import { create, plain } from "../support/wire-queries.ts";
import type { Json, Wire } from "../support/wire.ts";

const duplicate = {
  StatusCode: "Error",
  ErrorCode: "310003",
  StatusMessage: "Updating an existing Data Extension definition is not allowed when doing an add-only operation. ",
};
const generic = expect.stringMatching(/^Exception occurred during \[CreateQueryDefinition\] ErrorID: \d+$/);

/** The text of an answer as it goes over the wire: what the tests' XML reader does not keep. */
const raw = async (wire: Wire, body: string) => (await wire.soap(body)).text;

/** Orders a fault for the next Create of a data extension; answers it. */
async function faulted(wire: Wire, as: string): Promise<unknown> {
  await wire.call("POST", "/sandbox/faults", [{ call: "SOAP Create DataExtension", as }]);
  return soap(wire, write("Create", "DataExtension", aDataExtension("Made", aField("A"))));
}

/** Creates a query into a target that is not there. */
async function withoutTarget(wire: Wire): Promise<unknown> {
  return (await soap(wire, write("Create", "QueryDefinition", aQuery("Lost", "Nothing", plain)))).results[0];
}

/** Answers of SOAP as they were recorded. */
export const recordedSoapCases: Case[] = [
  {
    facts: "2.3",
    what: "Retrieve without the scope: an error in OverallStatus, of rows and of status rows too",
    ask: async (wire) =>
      Promise.all(
        [
          "DataExtension",
          "DataExtensionField",
          "DataExtensionObject[order.v2]",
          "QueryDefinition",
          "AsyncActivityStatus",
        ].map(async (type) => (await soap(wire, retrieve(type, ["CustomerKey"]), { scope: "offline" })).overall),
      ),
    gives: Array.from({ length: 5 }, () => "Error: API Permission Failed."),
  },
  {
    facts: "1.3",
    what: "creating a query needs automations_write, starting one automations_execute",
    ask: async (wire) => {
      const { NewObjectID } = await create(wire, plain);
      const reader = { scope: "automations_read data_extensions_read data_extensions_write" };
      const body = aQuery("Other", "Target", plain);
      const made = await soap(wire, write("Create", "QueryDefinition", body), reader);
      const started = await wire.soap(perform(`<ObjectID>${String(NewObjectID)}</ObjectID>`), {
        token: await wire.token(undefined, "a", reader.scope),
      });
      // The shape of Perform's answer.
      const { Results } = started.body["PerformResponseMsg"] as { Results: { Result: Json } };
      return [made.results[0]?.["StatusMessage"], Results.Result["StatusMessage"]];
    },
    gives: ["API Permission Failed.", "API Permission Failed."],
  },
  {
    facts: "2.2",
    what: "an ObjectID nobody asked for is nil, nested ones too",
    ask: async (wire) => {
      await makeFolder(wire);
      return one(wire, "DataFolder", ["ID", "ParentFolder.ID"], where("Name", "equals", "Scratch"));
    },
    gives: { ObjectID: { "@nil": "true" }, ParentFolder: { ID: "4711", ObjectID: { "@nil": "true" } } },
  },
  {
    facts: "2.2",
    what: "an ObjectID that was asked for has its value",
    ask: (wire) => one(wire, "DataExtension", ["ObjectID"], where("CustomerKey", "equals", "order.v2")),
    gives: { ObjectID: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  },
  {
    facts: "2.5",
    what: "too many calls: HTTP 500, Rate Limited twice, code 17",
    ask: (wire) => faulted(wire, "throttled"),
    gives: {
      http: 500,
      fault: { faultstring: "Rate Limited", detail: { apifault: { Code: "17", Message: "Rate Limited" } } },
    },
  },
  {
    facts: "2.5",
    what: "maintenance says that nothing was done",
    ask: (wire) => faulted(wire, "blocked"),
    gives: { http: 500, fault: { faultstring: expect.stringMatching(/maintenance\. Request was not processed\.$/) } },
  },
  {
    facts: "3.3",
    what: "a sibling's name",
    ask: async (wire) => {
      await makeFolder(wire);
      return makeFolder(wire);
    },
    gives: { StatusCode: "Error", StatusMessage: expect.stringMatching(/ Please select a different Name\.$/) },
  },
  {
    facts: "3.3",
    what: "flags left out: active, not editable, no children; the parent by its key",
    ask: async (wire) => {
      const inner =
        "<ParentFolder><CustomerKey>dataextension_default</CustomerKey></ParentFolder><Name>Bare</Name>" +
        "<Description>bare</Description><ContentType>dataextension</ContentType>";
      await soap(wire, write("Create", "DataFolder", inner));
      const asked = ["ParentFolder.ID", "IsActive", "IsEditable", "AllowChildren"];
      return one(wire, "DataFolder", asked, where("Name", "equals", "Bare"));
    },
    gives: { ParentFolder: { ID: "4711" }, IsActive: "true", IsEditable: "false", AllowChildren: "false" },
  },
  {
    facts: "4.4",
    what: "a data extension's name in use, whatever its case and folder",
    ask: async (wire) => raw(wire, write("Create", "DataExtension", aDataExtension("ORDERS", aField("A")))),
    gives: expect.stringContaining(
      `<StatusMessage>${duplicate.StatusMessage}</StatusMessage><OrdinalID>0</OrdinalID><ErrorCode>310003<`,
    ),
  },
  {
    facts: "4.4",
    what: "a data extension's key in use: the same text",
    ask: async (wire) =>
      raw(wire, write("Create", "DataExtension", aDataExtension("New", aField("A")).replace(">New<", ">order.v2<"))),
    gives: expect.stringContaining(duplicate.StatusMessage),
  },
  {
    facts: "4.4",
    what: "a rename to a name in use is 310007, in words of its own",
    ask: async (wire) => {
      const body = write("Update", "DataExtension", "<CustomerKey>order.v2</CustomerKey><Name>Products</Name>");
      return (await soap(wire, body)).results[0];
    },
    gives: { ErrorCode: "310007", StatusMessage: "A data extension named Products already exists." },
  },
  {
    facts: "4.5",
    what: "the Value of a NULL in a row is left out",
    ask: async (wire) => {
      const asked = retrieve("DataExtensionObject[order.v2]", ["Group", "Key"], where("Select", "equals", "1"));
      const found = await soap(wire, asked);
      // The shape of a row.
      const properties = found.results[0]?.["Properties"] as { Property: Json[] } | undefined;
      return properties?.Property.map((it) => Object.keys(it));
    },
    gives: [["Name"], ["Name", "Value"]],
  },
  {
    facts: "4.6",
    what: "deleting a data extension that is not there",
    ask: async (wire) =>
      (await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Nothing</CustomerKey>"))).results[0],
    gives: { StatusCode: "Error", ErrorCode: "310002" },
  },
  {
    facts: "5.1",
    what: "a query's target that is not there: code 2, an exception, the key echoed",
    ask: withoutTarget,
    gives: {
      StatusCode: "Error",
      ErrorCode: "2",
      StatusMessage: generic,
      Object: { "@type": "QueryDefinition", ObjectID: { "@nil": "true" }, CustomerKey: "Lost" },
    },
  },
  {
    facts: "5.1",
    what: "bad SQL where SOAP gives no reasons: an exception; REST says why",
    ask: async (wire) => {
      await wire.call("POST", "/sandbox/behaviours", { soapSqlRefusal: "generic" });
      const made = await create(wire, "SELECT Nope AS EmailAddress FROM Customers");
      const again = { name: "Q", key: "q", targetKey: "Target", targetUpdateTypeId: 0, categoryId: 4712 };
      const queryText = "SELECT Nope AS EmailAddress FROM Customers";
      const { body } = await rest(wire, "POST", "/automation/v1/queries", { ...again, queryText });
      return [made["StatusMessage"], (body as Json)["message"]];
    },
    gives: [generic, expect.stringContaining("Invalid column name 'Nope'.")],
  },
  {
    facts: "5.3",
    what: "a deleted query's and a changed query's text; a filter by ObjectID",
    ask: async (wire) => {
      const id = String((await create(wire, plain))["NewObjectID"]);
      const inner = `<ObjectID>${id}</ObjectID>`;
      const updated = await soap(wire, write("Update", "QueryDefinition", `${inner}<Description>x</Description>`));
      const found = await one(wire, "QueryDefinition", ["Description"], where("ObjectID", "equals", id));
      const deleted = await soap(wire, write("Delete", "QueryDefinition", inner));
      return [updated.results[0]?.["StatusMessage"], found?.["Description"], deleted.results[0]?.["StatusMessage"]];
    },
    gives: ["QueryDefinition updated", "x", "QueryDefinition deleted"],
  },
  {
    facts: "6",
    what: "StartTime and EndTime may be asked for",
    ask: async (wire) => {
      const { taskId } = await performed(wire, "Timed", plain);
      await wire.advance(3000);
      const asked = retrieve(
        "AsyncActivityStatus",
        ["Status", "StartTime", "EndTime"],
        where("TaskID", "equals", taskId),
      );
      return soap(wire, asked);
    },
    gives: {
      overall: "OK",
      results: [
        {
          Properties: {
            Property: [
              { Name: "Status", Value: "Complete" },
              { Name: "StartTime", Value: expect.stringMatching(/^1\/15\/2026 12:/) },
              { Name: "EndTime", Value: expect.stringMatching(/^1\/15\/2026 12:/) },
            ],
          },
        },
      ],
    },
  },
  {
    facts: "12.2",
    what: "GUIDs of data extensions are sequential, those of queries random",
    ask: async (wire) => {
      const [one, two] = [
        await make(wire, aDataExtension("One", aField("A"))),
        await make(wire, aDataExtension("Two", aField("A"))),
      ];
      const [first, second] = [String(one["NewObjectID"]), String(two["NewObjectID"])];
      const query = await create(wire, plain);
      return [first < second, first.slice(8) === second.slice(8), String(query["NewObjectID"])[14]];
    },
    gives: [true, true, "4"],
  },
];
