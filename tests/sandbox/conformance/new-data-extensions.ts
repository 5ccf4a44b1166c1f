import { expect } from "vitest";
import { guid, make, fieldsOf, one, refusedExtension, period, afterADay } from "../support/wire-assets.ts";
import { type Case, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, retrieve, where, write } from "../support/wire-messages.ts";

/** MCE 4.1 to 4.3: creating data extensions, their fields and their retention. */
export const newDataExtensionCases: Case[] = [
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
];
