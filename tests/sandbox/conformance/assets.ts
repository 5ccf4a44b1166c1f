import { expect } from "vitest";
import { type Case, rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, perform, retrieve, where, write } from "../support/wire-messages.ts";
import type { Json, Wire } from "../support/wire.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const folder = (parts: Record<string, string> = {}) => {
  const { Parent = "4711", ...rest } = {
    Name: "Scratch",
    Description: "temporary",
    ContentType: "dataextension",
    ...parts,
  } as Record<string, string>;
  const inner = Object.entries(rest).map(([name, value]) => `<${name}>${value}</${name}>`);
  return write("Create", "DataFolder", `<ParentFolder><ID>${Parent}</ID></ParentFolder>${inner.join("")}`);
};
const makeFolder = async (wire: Wire, parts?: Record<string, string>) =>
  (await soap(wire, folder(parts))).results[0] ?? {};
const make = async (wire: Wire, content: string, mid?: number) =>
  (await soap(wire, write("Create", "DataExtension", content), mid === undefined ? {} : { mid })).results[0] ?? {};
const fieldsOf = async (wire: Wire, key: string) => {
  const asked = [
    "Name",
    "ObjectID",
    "Ordinal",
    "MaxLength",
    "Scale",
    "DefaultValue",
    "IsRequired",
    "IsPrimaryKey",
    "FieldType",
    "CustomerKey",
  ];
  const { results } = await soap(
    wire,
    retrieve("DataExtensionField", asked, where("DataExtension.CustomerKey", "equals", key)),
  );
  return [...results].sort((a, b) => Number(a["Ordinal"]) - Number(b["Ordinal"]));
};
const one = async (wire: Wire, type: string, properties: string[], filter: string) =>
  (await soap(wire, retrieve(type, properties, filter))).results[0];

const refusedFolder = (what: string, parts: Record<string, string>, code: string): Case => ({
  facts: "3.3",
  what,
  ask: (wire) => makeFolder(wire, parts),
  gives: { StatusCode: "Error", ErrorCode: code, NewID: "0" },
});
const refusedExtension = (facts: string, what: string, content: string, code = "310007"): Case => ({
  facts,
  what,
  ask: (wire) => make(wire, content),
  gives: { StatusCode: "Error", ErrorCode: code, NewID: "0" },
});
const period = (length: number, unit = "Days", more = "") =>
  `<DataRetentionPeriodLength>${length}</DataRetentionPeriodLength>${more}<DataRetentionPeriod>${unit}</DataRetentionPeriod>`;

/** What is left of a data extension of one row after its retention period of a day: extensions, and rows. */
async function afterADay(wire: Wire, flag: boolean): Promise<unknown> {
  const more = `<DeleteAtEndOfRetentionPeriod>${flag}</DeleteAtEndOfRetentionPeriod>${period(1)}`;
  await make(wire, aDataExtension("Ending", aField("A"), more));
  await rest(wire, "POST", "/hub/v1/dataevents/key:Ending/rowset", [{ values: { A: "1" } }]);
  await wire.advance(12 * 3_600_000);
  // The door's contract.
  const list = (await wire.call("GET", "/sandbox/state")).json["dataExtensions"] as { key: string; rows: number }[];
  const left = list.filter((it) => it.key === "Ending");
  return [left.length, left[0]?.rows ?? 0];
}

/** FACTS 3 and 4: folders and data extensions. */
export const assetCases: Case[] = [
  {
    facts: "3.1",
    what: "the roots of a parent: their content types, keys, parent 0, not editable",
    ask: async (wire) => {
      const asked = ["ContentType", "CustomerKey", "IsEditable", "ParentFolder.ID"];
      const { results } = await soap(wire, retrieve("DataFolder", asked, where("ParentFolder.ID", "equals", "0")));
      return results.map((it) => [it["ContentType"], it["CustomerKey"], it["IsEditable"]]);
    },
    gives: [
      ["dataextension", "dataextension_default", "false"],
      ["queryactivity", "queryactivity_default", "false"],
      ["shared_dataextension", "shared_dataextension_default", "false"],
      ["synchronizeddataextension", "synchronizeddataextension_default", "false"],
    ],
  },
  {
    facts: "3.1",
    what: "the root's key finds Audiences too",
    ask: async (wire) =>
      (
        await soap(wire, retrieve("DataFolder", ["Name"], where("CustomerKey", "equals", "dataextension_default")))
      ).results.map((it) => it["Name"]),
    gives: ["Data Extensions", "Audiences"],
  },
  {
    facts: "3.1",
    what: "shared roots come in the enterprise's context",
    ask: async (wire) => {
      const body = retrieve("DataFolder", ["Name"], where("ContentType", "equals", "shared_dataextension"));
      const asked = body.replace("<ObjectType>", "<ClientIDs><ID>7000001</ID></ClientIDs><ObjectType>");
      const own = await soap(wire, body, { mid: 7000011 });
      return [own.results.length, (await soap(wire, asked, { mid: 7000011 })).results.length];
    },
    gives: [0, 1],
  },
  {
    facts: "3.2",
    what: "ParentFolderID is not retrievable",
    ask: (wire) => soap(wire, retrieve("DataFolder", ["ParentFolderID"])),
    gives: {
      overall: "Error: The Request Property(s) ParentFolderID do not match with the fields of DataFolder retrieve",
    },
  },
  {
    facts: "3.2",
    what: "all properties of a root, nested and in the WSDL's order",
    ask: async (wire) => {
      const asked = [
        "AllowChildren",
        "IsActive",
        "ContentType",
        "Name",
        "ParentFolder.ID",
        "CustomerKey",
        "ID",
        "Client.ID",
      ];
      const found = await one(wire, "DataFolder", asked, where("ID", "equals", "4711"));
      return [Object.keys(found ?? {}), found];
    },
    gives: [
      [
        "Client",
        "PartnerKey",
        "ID",
        "ObjectID",
        "CustomerKey",
        "ParentFolder",
        "Name",
        "ContentType",
        "IsActive",
        "AllowChildren",
        "@type",
      ],
      {
        Client: { ID: "7000001" },
        ParentFolder: { PartnerKey: { "@nil": "true" }, ID: "0", ObjectID: { "@nil": "true" } },
        Name: "Data Extensions",
      },
    ],
  },
  {
    facts: "3.2",
    what: "the key of a folder made without one is an empty element",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire);
      return one(wire, "DataFolder", ["CustomerKey", "ParentFolder.Name"], where("ID", "equals", String(NewID)));
    },
    gives: { CustomerKey: "", ParentFolder: { Name: "Data Extensions" } },
  },
  {
    facts: "3.3",
    what: "Create answers the folder's id as NewID, and no Object",
    ask: async (wire) => {
      const answer = await makeFolder(wire);
      return { ...answer, hasObject: "Object" in answer };
    },
    gives: {
      StatusCode: "OK",
      StatusMessage: "Folder created successfully.",
      OrdinalID: "0",
      NewID: expect.stringMatching(/^\d{4,7}$/),
      NewObjectID: expect.stringMatching(guid),
      hasObject: false,
    },
  },
  {
    facts: "3.3",
    what: "IsEditable and AllowChildren are false when omitted",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire);
      return one(wire, "DataFolder", ["IsEditable", "AllowChildren", "IsActive"], where("ID", "equals", String(NewID)));
    },
    gives: { IsEditable: "false", AllowChildren: "false", IsActive: "true" },
  },
  refusedFolder("no name", { Name: "" }, "396003"),
  refusedFolder("no content type", { ContentType: "" }, "396004"),
  refusedFolder("no description", { Description: "" }, "396010"),
  refusedFolder("a content type for REST only", { ContentType: "automations" }, "396005"),
  refusedFolder("an unknown parent", { Parent: "99" }, "396007"),
  refusedFolder("a parent of another content type", { Parent: "4712" }, "396007"),
  refusedFolder("a parent of another business unit", { Parent: "4714" }, "396007"),
  refusedFolder("a name of 101 characters", { Name: "n".repeat(101) }, "396012"),
  refusedFolder("a key of 37 characters", { CustomerKey: "k".repeat(37) }, "396009"),
  {
    facts: "3.3",
    what: "an inactive parent",
    ask: async (wire) => {
      const { NewID } = await makeFolder(wire, { IsActive: "false", AllowChildren: "true" });
      return makeFolder(wire, { Name: "Inside", Parent: String(NewID) });
    },
    gives: { ErrorCode: "396006" },
  },
  {
    facts: "3.3",
    what: "a sibling's name, and a used key",
    ask: async (wire) => {
      await makeFolder(wire, { CustomerKey: "k" });
      const twin = await makeFolder(wire, { Name: "SCRATCH" });
      return [twin["StatusMessage"], (await makeFolder(wire, { Name: "Other", CustomerKey: "K" }))["ErrorCode"]];
    },
    gives: ["Please select a unique folder name.", "396002"],
  },
  {
    facts: "3.3",
    what: "Update and Delete by ID; a root takes neither",
    ask: async (wire) => {
      const id = `<ID>${String((await makeFolder(wire))["NewID"])}</ID>`;
      const updated = await soap(wire, write("Update", "DataFolder", `${id}<Name>Renamed</Name>`));
      const deleted = await soap(wire, write("Delete", "DataFolder", id));
      const root = await soap(wire, write("Delete", "DataFolder", "<ID>4711</ID>"));
      return [updated.results[0]?.["StatusMessage"], deleted.overall, root.results[0]?.["ErrorCode"]];
    },
    gives: ["Folder updated successfully.", "OK", "396001"],
  },
  {
    facts: "4.1",
    what: "Create echoes the request: nils, booleans, empty RetainUntil and DefaultValue",
    ask: (wire) =>
      make(
        wire,
        aDataExtension("Made", aField("Amount", "Decimal", "<Scale>2</Scale><MaxLength>18</MaxLength>"), period(2)),
      ),
    gives: {
      StatusMessage: "Data Extension created.",
      NewID: "0",
      NewObjectID: expect.stringMatching(guid),
      Object: {
        "@type": "DataExtension",
        PartnerKey: { "@nil": "true" },
        ObjectID: expect.stringMatching(guid),
        Description: "",
        RowBasedRetention: "false",
        ResetRetentionPeriodOnImport: "false",
        DeleteAtEndOfRetentionPeriod: "false",
        RetainUntil: "",
        Fields: {
          Field: { ObjectID: { "@nil": "true" }, Name: "Amount", DefaultValue: "", MaxLength: "18", Scale: "2" },
        },
        CategoryID: "4711",
      },
    },
  },
  {
    facts: "4.2",
    what: "lengths of each field type as Retrieve shows them",
    ask: async (wire) =>
      (await fieldsOf(wire, "All Types")).map((it) => [it["Name"], it["FieldType"], it["MaxLength"], it["Scale"]]),
    gives: [
      ["Id", "Number", undefined, "0"],
      ["Short", "Text", "10", "0"],
      ["Longest", "Text", "4000", "0"],
      ["Unbounded", "Text", undefined, "0"],
      ["Whole", "Number", undefined, "0"],
      ["Exact", "Decimal", "18", "2"],
      ["Wide", "Decimal", "38", "0"],
      ["Fine", "Decimal", "23", "15"],
      ["Moment", "Date", undefined, "0"],
      ["Flag", "Boolean", undefined, "0"],
      ["Mail", "EmailAddress", "254", "0"],
      ["Phone", "Phone", "50", "0"],
      ["Language", "Locale", "5", "0"],
    ],
  },
  {
    facts: "4.2",
    what: "lengths a request may leave out; Precision instead of MaxLength",
    ask: async (wire) => {
      const fields =
        aField("A", "EmailAddress") +
        aField("B", "Phone") +
        aField("C", "Locale") +
        aField("D", "Text", "") +
        aField("E", "Decimal", "<Precision>6</Precision><Scale>3</Scale>");
      await make(wire, aDataExtension("Lengths", fields));
      return (await fieldsOf(wire, "Lengths")).map((it) => [it["MaxLength"], it["Scale"]]);
    },
    gives: [
      ["254", "0"],
      ["50", "0"],
      ["5", "0"],
      [undefined, "0"],
      ["6", "3"],
    ],
  },
  {
    facts: "4.2",
    what: "a key field is required, whatever was asked",
    ask: async (wire) => {
      const key = aField(
        "K",
        "Text",
        "<MaxLength>9</MaxLength><IsRequired>false</IsRequired><IsPrimaryKey>true</IsPrimaryKey>",
      );
      await make(wire, aDataExtension("Keyed", key));
      return fieldsOf(wire, "Keyed");
    },
    gives: [{ Name: "K", IsRequired: "true", IsPrimaryKey: "true", CustomerKey: "[Keyed].[K]", DefaultValue: "" }],
  },
  {
    facts: "4.2",
    what: "fields come unsorted",
    ask: async (wire) => {
      const body = retrieve(
        "DataExtensionField",
        ["Ordinal"],
        where("DataExtension.CustomerKey", "equals", "Customers"),
      );
      const ordinals = (await soap(wire, body)).results.map((it) => Number(it["Ordinal"]));
      return [ordinals.length, ordinals.every((it, at) => it === at)];
    },
    gives: [12, false],
  },
  {
    facts: "4.2",
    what: "a sendable one: Create wants Subscriber Key, Retrieve says _SubscriberKey",
    ask: async (wire) => {
      const sendable = (name: string) =>
        `<IsSendable>true</IsSendable><SendableDataExtensionField><Name>A</Name></SendableDataExtensionField><SendableSubscriberField><Name>${name}</Name></SendableSubscriberField>`;
      const wrong = await make(wire, aDataExtension("Wrong", aField("A"), sendable("_SubscriberKey")));
      await make(wire, aDataExtension("Right", aField("A"), sendable("Subscriber Key")));
      const asked = ["SendableSubscriberField.Name", "SendableDataExtensionField.Name", "IsSendable"];
      return [wrong["StatusCode"], await one(wire, "DataExtension", asked, where("Name", "equals", "Right"))];
    },
    gives: [
      "Error",
      {
        IsSendable: "true",
        SendableDataExtensionField: { Name: "A" },
        SendableSubscriberField: { Name: "_SubscriberKey" },
      },
    ],
  },
  {
    facts: "4.3",
    what: "a period ends at midnight of the server, and is returned as the older number",
    ask: async (wire) => {
      await make(wire, aDataExtension("Kept", aField("A"), period(6)));
      const asked = [
        "RetainUntil",
        "DataRetentionPeriodLength",
        "DataRetentionPeriodUnitOfMeasure",
        "RowBasedRetention",
      ];
      return one(wire, "DataExtension", asked, where("Name", "equals", "Kept"));
    },
    gives: {
      RetainUntil: "1/21/2026 12:00:00 AM",
      DataRetentionPeriodLength: "6",
      DataRetentionPeriodUnitOfMeasure: "3",
      RowBasedRetention: "false",
    },
  },
  {
    facts: "4.3",
    what: "row-based: the period pair and an empty RetainUntil",
    ask: async (wire) => {
      const more = period(6, "Months", "<RowBasedRetention>true</RowBasedRetention>");
      await make(wire, aDataExtension("Rows", aField("A"), more));
      return one(
        wire,
        "DataExtension",
        ["RetainUntil", "DataRetentionPeriodUnitOfMeasure", "RowBasedRetention"],
        where("Name", "equals", "Rows"),
      );
    },
    gives: { RetainUntil: "", DataRetentionPeriodUnitOfMeasure: "5", RowBasedRetention: "true" },
  },
  {
    facts: "4.3",
    what: "no policy: three falses, no period, empty RetainUntil",
    ask: async (wire) => {
      const asked = [
        "RetainUntil",
        "DataRetentionPeriodLength",
        "RowBasedRetention",
        "ResetRetentionPeriodOnImport",
        "DeleteAtEndOfRetentionPeriod",
      ];
      const found = await one(wire, "DataExtension", asked, where("Name", "equals", "Orders"));
      return { ...found, hasPeriod: "DataRetentionPeriodLength" in (found ?? {}) };
    },
    gives: {
      RetainUntil: "",
      RowBasedRetention: "false",
      ResetRetentionPeriodOnImport: "false",
      DeleteAtEndOfRetentionPeriod: "false",
      hasPeriod: false,
    },
  },
  {
    facts: "4.3",
    what: "DeleteAtEndOfRetentionPeriod false deletes the data extension",
    ask: (wire) => afterADay(wire, false),
    gives: [0, 0],
  },
  {
    facts: "4.3",
    what: "DeleteAtEndOfRetentionPeriod true deletes only the rows",
    ask: (wire) => afterADay(wire, true),
    gives: [1, 0],
  },
  {
    facts: "4.3",
    what: "RowBasedRetention cannot be changed",
    ask: async (wire) => {
      await make(wire, aDataExtension("Fixed", aField("A")));
      const body = write(
        "Update",
        "DataExtension",
        "<CustomerKey>Fixed</CustomerKey><RowBasedRetention>true</RowBasedRetention>",
      );
      return (await soap(wire, body)).results[0];
    },
    gives: { StatusCode: "Error", ErrorCode: "310003" },
  },
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
  refusedExtension(
    "4.2",
    "a text longer than 4000",
    aDataExtension("N", aField("A", "Text", "<MaxLength>4001</MaxLength>")),
  ),
  refusedExtension(
    "4.2",
    "a decimal of 39 digits",
    aDataExtension("N", aField("A", "Decimal", "<MaxLength>39</MaxLength>")),
  ),
  refusedExtension("4.2", "an unknown field type", aDataExtension("N", aField("A", "Blob"))),
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
    gives: { ErrorCode: "310007", StatusMessage: "A data extension named ORDERS already exists." },
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
            Property: [
              { Name: "Value", Value: "0.50" },
              { Name: "Group", Value: "" },
              { Name: "Select", Value: "1" },
            ],
          },
        },
      ],
    },
  },
  {
    facts: "4.5",
    what: "without the scope: OK and nothing",
    ask: (wire) => soap(wire, retrieve("DataExtension", ["Name"]), { scope: "offline" }),
    gives: { overall: "OK", results: [] },
  },
  {
    facts: "4.6",
    what: "Update adds a column at the end and may widen a text",
    ask: async (wire) => {
      await make(wire, aDataExtension("Grown", aField("A", "Text", "<MaxLength>10</MaxLength>")));
      const fields = aField("A", "Text", "<MaxLength>20</MaxLength>") + aField("B", "Number");
      const answer = await soap(
        wire,
        write("Update", "DataExtension", `<CustomerKey>Grown</CustomerKey><Fields>${fields}</Fields>`),
      );
      return [answer.results[0]?.["StatusMessage"], await fieldsOf(wire, "Grown")];
    },
    gives: ["Data Extension updated.", [{ Name: "A", MaxLength: "20" }, { Name: "B" }]],
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
    what: "Ent. reaches what is shared, from a child nothing else",
    ask: async (wire) => {
      const sql = async (text: string) => (await wire.call("POST", "/sandbox/sql", { sql: text, mid: 7000011 })).status;
      return [await sql("SELECT TOP 1 * FROM Ent.[Shared Suppression]"), await sql("SELECT TOP 1 * FROM Ent.Orders")];
    },
    gives: [200, 400],
  },
];
