import { expect } from "vitest";
import { guid } from "../support/wire-assets.ts";
import { type Case, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, aQuery, retrieve, where, write } from "../support/wire-messages.ts";
import { keyed, plain, create, refused } from "../support/wire-queries.ts";

/** MCE 5.1 and 5.3: creating, finding, changing and deleting query definitions. */
export const queryDefinitionCases: Case[] = [
  {
    facts: "5.1",
    what: "Create: NewID 0, NewObjectID, the request echoed with the target's ObjectID nil",
    ask: (wire) => create(wire, plain),
    gives: {
      StatusMessage: "QueryDefinition created",
      NewID: "0",
      NewObjectID: expect.stringMatching(guid),
      Object: { "@type": "QueryDefinition", DataExtensionTarget: { ObjectID: { "@nil": "true" }, Name: "Target" } },
    },
  },
  {
    facts: "5.1",
    what: "no CategoryID: the root of queries; Status Active",
    ask: async (wire) => {
      await create(wire, plain);
      return (await soap(wire, retrieve("QueryDefinition", ["CategoryID", "Status", "TargetType"]))).results[0];
    },
    gives: { CategoryID: "4712", Status: "Active", TargetType: "DE" },
  },
  {
    facts: "3.4",
    what: "a query may lie in a dataextension folder",
    ask: async (wire) => (await create(wire, plain, { inner: "<CategoryID>4711</CategoryID>" }))["StatusCode"],
    gives: "OK",
  },
  refused("3.4", "CategoryID 0", plain, expect.stringMatching(/category/i), { inner: "<CategoryID>0</CategoryID>" }),
  refused("3.4", "an unknown CategoryID", plain, expect.stringMatching(/category/i), {
    inner: "<CategoryID>99</CategoryID>",
  }),
  {
    facts: "5.1",
    what: "Add is Append",
    ask: async (wire) => {
      await create(wire, plain, { mode: "Add" });
      return (await soap(wire, retrieve("QueryDefinition", ["TargetUpdateType"]))).results[0];
    },
    gives: { TargetUpdateType: "Append" },
  },
  {
    facts: "5.1",
    what: "the target needs key and name",
    ask: async (wire) => {
      const body = aQuery("Q", "Orders", plain).replace("<Name>Orders</Name>", "");
      return (await soap(wire, write("Create", "QueryDefinition", body))).results[0];
    },
    gives: { StatusCode: "Error" },
  },
  {
    facts: "5.1",
    what: "another TargetType than DE",
    ask: async (wire) => {
      const body = aQuery("Q", "Orders", plain).replace("<TargetType>DE</TargetType>", "<TargetType>File</TargetType>");
      return (await soap(wire, write("Create", "QueryDefinition", body))).results[0];
    },
    gives: { StatusCode: "Error" },
  },
  {
    facts: "4.4",
    what: "key cut at 36, name at 64, without a word",
    ask: async (wire) => {
      await soap(wire, write("Create", "DataExtension", aDataExtension("T", aField("EmailAddress"))));
      await soap(wire, write("Create", "QueryDefinition", aQuery("k".repeat(70), "T", plain)));
      const long = retrieve("QueryDefinition", ["Name"], where("CustomerKey", "equals", "k".repeat(70)));
      const found = await soap(wire, retrieve("QueryDefinition", ["CustomerKey", "Name"]));
      return [found.results[0], (await soap(wire, long)).results];
    },
    gives: [{ CustomerKey: "k".repeat(36), Name: "k".repeat(64) }, []],
  },
  {
    facts: "4.4",
    what: "a query without key gets an upper-case GUID",
    ask: async (wire) => {
      const body = aQuery("Q", "Products", "SELECT ProductID, ProductName, Price FROM Products", "Update");
      await soap(wire, write("Create", "QueryDefinition", body.replace("<CustomerKey>Q</CustomerKey>", "")));
      return (await soap(wire, retrieve("QueryDefinition", ["CustomerKey"]))).results[0];
    },
    gives: { CustomerKey: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/) },
  },
  refused("5.1", "Update without a primary key", plain, expect.stringContaining("primary key"), { mode: "Update" }),
  refused(
    "5.1",
    "Update into nothing but a key",
    "SELECT CustomerKey AS Id FROM Customers",
    expect.stringContaining("primary key"),
    {
      mode: "Update",
      fields: keyed(),
    },
  ),
  {
    facts: "5.3",
    what: "a deleted query stays as Inactive, and its key is free",
    ask: async (wire) => {
      const made = await create(wire, plain);
      await soap(wire, write("Delete", "QueryDefinition", `<ObjectID>${String(made["NewObjectID"])}</ObjectID>`));
      const again = await soap(wire, write("Create", "QueryDefinition", aQuery("Query", "Target", plain)));
      const found = await soap(wire, retrieve("QueryDefinition", ["Status"], where("CustomerKey", "equals", "Query")));
      return [again.overall, found.results.map((it) => it["Status"])];
    },
    gives: ["OK", ["Inactive", "Active"]],
  },
  {
    facts: "5.1",
    what: "name and key are unique among the active ones, whatever their case",
    ask: async (wire) => {
      await create(wire, plain);
      const twin = async (change: [string, string]) => {
        const body = aQuery("query", "Target", plain).replace(...change);
        return (await soap(wire, write("Create", "QueryDefinition", body))).overall;
      };
      return [await twin(["<CustomerKey>query<", "<CustomerKey>other<"]), await twin(["<Name>query<", "<Name>Other<"])];
    },
    gives: ["Error", "Error"],
  },
  {
    facts: "5.3",
    what: "a deleted query cannot be deleted again",
    ask: async (wire) => {
      const id = `<ObjectID>${String((await create(wire, plain))["NewObjectID"])}</ObjectID>`;
      const remove = async () => (await soap(wire, write("Delete", "QueryDefinition", id))).overall;
      return [await remove(), await remove()];
    },
    gives: ["OK", "Error"],
  },
  {
    facts: "5.3",
    what: "the sweeper's filter: CategoryID and CreatedDate as DateValue",
    ask: async (wire) => {
      await create(wire, plain);
      await wire.advance(3_600_000);
      await soap(wire, write("Create", "QueryDefinition", aQuery("New", "Target", plain)));
      const date =
        `<RightOperand xsi:type="SimpleFilterPart"><Property>CreatedDate</Property><SimpleOperator>lessThan</SimpleOperator>` +
        `<DateValue>2026-01-15T18:30:00.000Z</DateValue></RightOperand>`;
      const filter = `<Filter xsi:type="ComplexFilterPart">${where("CategoryID", "equals", "4712", "LeftOperand")}<LogicalOperator>AND</LogicalOperator>${date}</Filter>`;
      return (await soap(wire, retrieve("QueryDefinition", ["Name"], filter))).results;
    },
    gives: [{ Name: "Query" }],
  },
  refused("5.1", "an unknown update type", plain, expect.stringContaining("update type"), { mode: "Replace" }),
  {
    facts: "5.3",
    what: "CreatedDate lessThan an ISO text in Value, in UTC",
    ask: async (wire) => {
      await create(wire, plain);
      const at = async (text: string) =>
        (await soap(wire, retrieve("QueryDefinition", ["Name"], where("CreatedDate", "lessThan", text)))).results
          .length;
      return [
        await at("2026-01-15T18:00:00.000Z"),
        await at("2026-01-15T18:00:00.001Z"),
        await at("2026-01-15T12:00:01"),
      ];
    },
    gives: [0, 1, 1],
  },
  {
    facts: "5.3",
    what: "Update checks the SQL again",
    ask: async (wire) => {
      const id = `<ObjectID>${String((await create(wire, plain))["NewObjectID"])}</ObjectID>`;
      const change = async (sql: string) =>
        (await soap(wire, write("Update", "QueryDefinition", `${id}<QueryText>${sql}</QueryText>`))).overall;
      const seen = [
        await change("SELECT Nope FROM Customers"),
        await change("SELECT TOP 5 EmailAddress FROM Customers"),
      ];
      return [...seen, (await soap(wire, retrieve("QueryDefinition", ["QueryText"]))).results[0]?.["QueryText"]];
    },
    gives: ["Error", "OK", "SELECT TOP 5 EmailAddress FROM Customers"],
  },
];
