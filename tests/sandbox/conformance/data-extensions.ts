import { expect } from "vitest";
import { guid, make, fieldsOf, one, refusedExtension } from "../support/wire-assets.ts";
import { type Case, rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, perform, retrieve, where, write } from "../support/wire-messages.ts";
import type { Json } from "../support/wire.ts";

/** MCE 4.4 to 4.7: names, retrieving, changing and sharing data extensions. */
export const dataExtensionCases: Case[] = [
  refusedExtension("4.4", "no key", `<Name>N</Name><Fields>${aField("A")}</Fields>`, "310001"),
  refusedExtension("4.4", "no name", `<CustomerKey>K</CustomerKey><Fields>${aField("A")}</Fields>`),
  ...["a.b", "a/b", "a'b", "a?b", "a+b", "a|b", "a#b", "a@b", "_a"].map((name) =>
    refusedExtension("4.4", `the name ${name}`, aDataExtension(name, aField("A"))),
  ),
  refusedExtension("4.4", "a name of 101 characters", aDataExtension("n".repeat(101), aField("A"))),
  refusedExtension(
    "4.4",
    "a key of 201 characters",
    `<Name>N</Name><CustomerKey>${"k".repeat(201)}</CustomerKey><Fields>${aField("A")}</Fields>`,
  ),
  refusedExtension("4.4", "a field name of 129 characters", aDataExtension("N", aField("f".repeat(129)))),
  refusedExtension("4.4", "a field name that begins with _", aDataExtension("N", aField("_CustomObjectKey"))),
  refusedExtension("4.4", "the same field twice, whatever its case", aDataExtension("N", aField("A") + aField("a"))),
  refusedExtension("4.4", "category 0", aDataExtension("N", aField("A"), "<CategoryID>0</CategoryID>")),
  refusedExtension("4.4", "an unknown category", aDataExtension("N", aField("A"), "<CategoryID>99</CategoryID>")),
  {
    facts: "4.5",
    what: "another business unit sees nothing and deletes nothing",
    ask: async (wire) => {
      const seen = [];
      for (const as of [{ mid: 7000011 }, { mid: 8000001, secret: "b" as const }]) {
        await make(wire, aDataExtension("Private", aField("A")));
        const found = await soap(wire, retrieve("DataExtension", ["Name"], where("Name", "equals", "Private")), as);
        const gone = await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Private</CustomerKey>"), as);
        seen.push([found.results.length, gone.results[0]?.["ErrorCode"]]);
      }
      return seen;
    },
    gives: [
      [0, "310002"],
      [0, "310002"],
    ],
  },
  {
    facts: "4.4",
    what: "names with letters, digits, _, space, - and & are fine, keys up to 200",
    ask: async (wire) =>
      (
        await make(
          wire,
          `<Name>A_b 1-2 &amp; c</Name><CustomerKey>${"k".repeat(200)}</CustomerKey><Fields>${aField("A")}</Fields>`,
        )
      )["StatusCode"],
    gives: "OK",
  },
  {
    facts: "4.4",
    what: "a taken name, in another folder and another case",
    ask: (wire) => make(wire, aDataExtension("ORDERS", aField("A"))),
    gives: { ErrorCode: "310003" },
  },
  {
    facts: "4.4",
    what: "the same name is free in another business unit",
    ask: async (wire) => {
      await make(wire, aDataExtension("Both", aField("A")));
      return (await make(wire, aDataExtension("Both", aField("A")), 7000011))["StatusCode"];
    },
    gives: "OK",
  },
  {
    facts: "4.4",
    what: "the name of a deleted one is not free at once",
    ask: async (wire) => {
      const again = async () => {
        const answer = await make(wire, aDataExtension("Gone", aField("A")));
        await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Gone</CustomerKey>"));
        return answer["StatusCode"];
      };
      const seen = [await again(), await again()];
      await wire.advance(5 * 60_000);
      return [...seen, await again()];
    },
    gives: ["OK", "Error", "OK"],
  },
  ...(
    [
      ["CustomerKey", "equals", "customers"],
      ["Name", "like", "Custom%"],
      ["CustomerKey", "IN", "Customers"],
    ] as const
  ).map(([property, operator, value]): Case => ({
    facts: "4.5",
    what: `filter ${property} ${operator}`,
    ask: async (wire) =>
      (await soap(wire, retrieve("DataExtension", ["Name"], where(property, operator, value)))).results,
    gives: [{ Name: "Customers" }],
  })),
  {
    facts: "4.5",
    what: "fields by DataExtension.Name: OK and nothing",
    ask: (wire) =>
      soap(wire, retrieve("DataExtensionField", ["Name"], where("DataExtension.Name", "equals", "Orders"))),
    gives: { overall: "OK", results: [] },
  },
  {
    facts: "4.5",
    what: "a very long filter value",
    ask: (wire) =>
      soap(
        wire,
        retrieve("DataExtensionField", ["Name"], where("DataExtension.CustomerKey", "equals", "k".repeat(4001))),
      ),
    gives: { overall: "Error: String or binary data would be truncated. The statement has been terminated." },
  },
  {
    facts: "4.5",
    what: "rows as Properties/Property, all values text",
    ask: (wire) =>
      soap(
        wire,
        retrieve("DataExtensionObject[order.v2]", ["Value", "Group", "Select"], where("Select", "equals", "1")),
      ),
    gives: {
      overall: "OK",
      results: [
        {
          "@type": "DataExtensionObject",
          Properties: {
            Property: [{ Name: "Value", Value: "0.50" }, { Name: "Group" }, { Name: "Select", Value: "1" }],
          },
        },
      ],
    },
  },
  {
    facts: "4.6",
    what: "Update adds a column at the end and may widen a text; rows stay",
    ask: async (wire) => {
      await make(wire, aDataExtension("Grown", aField("A", "Text", "<MaxLength>10</MaxLength>")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Grown/rowset", [{ values: { A: "1" } }]);
      const fields = aField("A", "Text", "<MaxLength>20</MaxLength>") + aField("B", "Number");
      const answer = await soap(
        wire,
        write("Update", "DataExtension", `<CustomerKey>Grown</CustomerKey><Fields>${fields}</Fields>`),
      );
      const { json } = await wire.call("POST", "/sandbox/sql", { sql: "SELECT A, B FROM Grown" });
      return [answer.results[0]?.["StatusMessage"], await fieldsOf(wire, "Grown"), json["rows"]];
    },
    gives: ["Data Extension updated.", [{ Name: "A", MaxLength: "20" }, { Name: "B" }], [["1", null]]],
  },
  {
    facts: "4.4",
    what: "Update neither shortens a field nor makes one required",
    ask: async (wire) => {
      await make(wire, aDataExtension("Stays", aField("A")));
      const change = async (field: string) =>
        (
          await soap(
            wire,
            write("Update", "DataExtension", `<CustomerKey>Stays</CustomerKey><Fields>${field}</Fields>`),
          )
        ).results[0]?.["ErrorCode"];
      return [
        await change(aField("A", "Text", "<MaxLength>10</MaxLength>")),
        await change(aField("A", "Text", "<MaxLength>254</MaxLength><IsRequired>true</IsRequired>")),
      ];
    },
    gives: ["310007", "310007"],
  },
  {
    facts: "4.6",
    what: "a renamed data extension keeps key and rows",
    ask: async (wire) => {
      await make(wire, aDataExtension("Old", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Old/rowset", [{ values: { A: "1" } }]);
      await soap(wire, write("Update", "DataExtension", "<CustomerKey>Old</CustomerKey><Name>New</Name>"));
      const { json } = await wire.call("POST", "/sandbox/sql", { sql: "SELECT A FROM [New]" });
      return [
        (await one(wire, "DataExtension", ["Name"], where("CustomerKey", "equals", "Old")))?.["Name"],
        json["rows"],
      ];
    },
    gives: ["New", [["1"]]],
  },
  {
    facts: "4.6",
    what: "Delete with Fields deletes only these, and says so",
    ask: async (wire) => {
      await make(wire, aDataExtension("Thin", aField("A") + aField("B")));
      const [first] = await fieldsOf(wire, "Thin");
      const body = `<CustomerKey>Thin</CustomerKey><Fields><Field><ObjectID>${String(first?.["ObjectID"])}</ObjectID></Field></Fields>`;
      const { results } = await soap(wire, write("Delete", "DataExtension", body));
      return [results[0]?.["StatusMessage"], (await fieldsOf(wire, "Thin")).map((it) => it["Name"])];
    },
    gives: [expect.stringMatching(/Data Extension deleted\..*fields/i), ["B"]],
  },
  {
    facts: "4.6",
    what: "Delete answers both ids; a missing one is 310002",
    ask: async (wire) => {
      await make(wire, aDataExtension("Gone", aField("A")));
      const body = write("Delete", "DataExtension", "<CustomerKey>Gone</CustomerKey>");
      return [(await soap(wire, body)).results[0], (await soap(wire, body)).results[0]] satisfies (Json | undefined)[];
    },
    gives: [
      {
        StatusMessage: "Data Extension deleted.",
        Object: { ObjectID: expect.stringMatching(guid), CustomerKey: "Gone" },
      },
      { StatusCode: "Error", ErrorCode: "310002" },
    ],
  },
  {
    facts: "4.6",
    what: "ClearData: the misspelt message and no Task",
    ask: async (wire) => {
      const { text } = await wire.soap(perform("<CustomerKey>Products</CustomerKey>", "ClearData", "DataExtension"));
      return [/<StatusMessage>(.*?)<\/StatusMessage>/.exec(text)?.[1], text.includes("<Task>")];
    },
    gives: [
      "Data from requested data extension was cleared successfully. DataExtension - CustmoerKey :Products",
      false,
    ],
  },
  {
    facts: "4.7",
    what: "a child sees shared data extensions in the enterprise's context, and no private ones",
    ask: async (wire) => {
      const body = retrieve("DataExtension", ["Name"]).replace(
        "<ObjectType>",
        "<ClientIDs><ID>7000001</ID></ClientIDs><ObjectType>",
      );
      return (await soap(wire, body, { mid: 7000011 })).results.map((it) => it["Name"]);
    },
    gives: ["Shared Suppression", "Contact_Salesforce"],
  },
  {
    facts: "4.7",
    what: "a child's QueryAllAccounts adds what is shared; rows of private ones stay hidden in the enterprise's context",
    ask: async (wire) => {
      const all = retrieve(
        "DataExtension",
        ["Name"],
        where("Name", "IN", ["Orders", "Shared Suppression"]),
        "<QueryAllAccounts>true</QueryAllAccounts>",
      );
      const rows = async (key: string) => {
        const body = retrieve(`DataExtensionObject[${key}]`, ["SubscriberKey"]);
        const asked = body.replace("<ObjectType>", "<ClientIDs><ID>7000001</ID></ClientIDs><ObjectType>");
        return (await soap(wire, asked, { mid: 7000011 })).overall;
      };
      const found = await soap(wire, all, { mid: 7000011 });
      return [found.results.map((it) => it["Name"]), await rows("Shared Suppression"), await rows("Big List")];
    },
    gives: [["Shared Suppression", "Orders"], "OK", expect.stringMatching(/^Error: /)],
  },
  {
    facts: "4.7",
    what: "Ent. reaches what is shared, from a child nothing else",
    ask: async (wire) => {
      const sql = async (text: string) => (await wire.call("POST", "/sandbox/sql", { sql: text, mid: 7000011 })).status;
      return [await sql("SELECT TOP 1 * FROM Ent.[Shared Suppression]"), await sql("SELECT TOP 1 * FROM Ent.Orders")];
    },
    gives: [200, 400],
  },
];
