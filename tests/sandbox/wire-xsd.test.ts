import { afterAll, beforeAll, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import {
  aDataExtension,
  aField,
  aQuery,
  perform,
  performed,
  resultOf,
  retrieve,
  where,
  write,
} from "./support/wire-messages.ts";
import { whyNoXsd, xsdProblems } from "./support/wire-xsd.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const folder =
  "<ParentFolder><ID>4711</ID></ParentFolder><Name>F</Name><Description>d</Description><ContentType>dataextension</ContentType>";
const folderProperties = [
  "Client.ID",
  "CreatedDate",
  "ModifiedDate",
  "ID",
  "ObjectID",
  "CustomerKey",
  "ParentFolder.ID",
  "ParentFolder.Name",
  "ParentFolder.CustomerKey",
  "Name",
  "Description",
  "ContentType",
  "IsActive",
  "IsEditable",
  "AllowChildren",
];
const fieldProperties = [
  "ObjectID",
  "CustomerKey",
  "Name",
  "Scale",
  "DefaultValue",
  "MaxLength",
  "IsRequired",
  "Ordinal",
  "IsPrimaryKey",
  "FieldType",
  "DataExtension.CustomerKey",
];
const extensionProperties = [
  "Client.ID",
  "ObjectID",
  "CustomerKey",
  "Name",
  "Description",
  "IsSendable",
  "IsTestable",
  "CategoryID",
  "DataRetentionPeriodLength",
  "DataRetentionPeriodUnitOfMeasure",
  "RowBasedRetention",
  "ResetRetentionPeriodOnImport",
  "DeleteAtEndOfRetentionPeriod",
  "RetainUntil",
  "Status",
  "CreatedDate",
  "ModifiedDate",
];
const queryProperties = [
  "ObjectID",
  "CustomerKey",
  "Name",
  "Description",
  "CategoryID",
  "QueryText",
  "TargetUpdateType",
  "TargetType",
  "DataExtensionTarget.Name",
  "DataExtensionTarget.CustomerKey",
  "CreatedDate",
  "ModifiedDate",
  "Status",
];

test("FACTS 11: the answers of the pattern are valid against the WSDL's XSD", async (context) => {
  const why = await whyNoXsd();
  if (why !== undefined) return context.skip(why);
  const retention =
    "<DataRetentionPeriodLength>2</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
  const { queryId, taskId } = await performed(wire, "Run", "SELECT EmailAddress FROM Customers");
  await wire.advance(10_000);
  const [extension, query] = [
    aDataExtension("Made", aField("A") + aField("N", "Decimal", "<MaxLength>9</MaxLength><Scale>2</Scale>"), retention),
    aQuery("Made", "Run", "SELECT EmailAddress FROM Customers WHERE 'a<b&c' <> ''"),
  ];
  const asked: Record<string, string> = {
    "folder create": write("Create", "DataFolder", folder),
    "folder create refused": write("Create", "DataFolder", folder),
    "folder retrieve": retrieve("DataFolder", folderProperties),
    "extension create": write("Create", "DataExtension", extension),
    "extension create refused": write("Create", "DataExtension", extension),
    "extension retrieve": retrieve("DataExtension", extensionProperties),
    "extension update": write("Update", "DataExtension", "<CustomerKey>Made</CustomerKey><Description>d</Description>"),
    "fields retrieve": retrieve("DataExtensionField", fieldProperties),
    "rows retrieve": retrieve("DataExtensionObject[Run]", ["EmailAddress"]),
    "query create": write("Create", "QueryDefinition", query),
    "query create refused": write("Create", "QueryDefinition", query),
    "query retrieve": retrieve("QueryDefinition", queryProperties),
    perform: perform(`<ObjectID>${queryId}</ObjectID>`),
    "perform refused": perform("<CustomerKey>Made</CustomerKey>"),
    status: retrieve(
      "AsyncActivityStatus",
      ["TaskID", "Status", "ErrorMsg", "CompletedDate"],
      where("TaskID", "equals", taskId),
    ),
    "nothing found": retrieve("DataFolder", ["ID"], where("ID", "equals", "1")),
    "refused retrieve": retrieve("Nothing", ["ID"]),
    "query delete": write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`),
    "query delete refused": write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`),
    "extension delete": write("Delete", "DataExtension", "<CustomerKey>Made</CustomerKey>"),
    "extension delete refused": write("Delete", "DataExtension", "<CustomerKey>Made</CustomerKey>"),
  };
  const answers: Record<string, string> = {};
  for (const [name, body] of Object.entries(asked)) {
    const answer = await wire.soap(body);
    answers[name] = answer.text;
    if (name === "extension create") expect(resultOf(answer)["StatusCode"]).toBe("OK");
    if (name === "query create")
      answers["query create in 1.2"] = (
        await wire.soap(retrieve("QueryDefinition", queryProperties), { version: "1.2" })
      ).text;
  }
  expect(await xsdProblems(answers)).toEqual({});
});
