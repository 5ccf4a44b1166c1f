import { expect } from "vitest";
import { behave, type Case, rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, aQuery, perform, retrieve, statusOf, where, write } from "../support/wire-messages.ts";
import type { Json, Wire } from "../support/wire.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const checking = "Error saving the Query field. An error occurred while checking the query syntax. Errors: ";
const keyed = (more = "") => aField("Id", "Text", `<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>`) + more;

/** Creates a query into a new data extension; its fields are those of `fields`. */
async function create(
  wire: Wire,
  sql: string,
  more: { fields?: string; mode?: string; inner?: string; mid?: number } = {},
): Promise<Json> {
  const { fields = aField("EmailAddress"), mode, inner, mid } = more;
  const as = mid === undefined ? {} : { mid };
  await soap(wire, write("Create", "DataExtension", aDataExtension("Target", fields)), as);
  const content = aQuery("Query", "Target", sql, mode, inner);
  return (await soap(wire, write("Create", "QueryDefinition", content), as)).results[0] ?? {};
}

const plain = "SELECT EmailAddress FROM Customers";
const start = (wire: Wire, made: Json) =>
  soapText(wire, perform(`<ObjectID>${String(made["NewObjectID"])}</ObjectID>`));
const soapText = async (wire: Wire, body: string) => (await wire.soap(body)).body["PerformResponseMsg"] as Json;
const taskOf = (performed: Json) =>
  String(((performed["Results"] as Json)["Result"] as { Task: { ID: string } }).Task.ID);

const refused = (
  facts: string,
  what: string,
  sql: string,
  message: unknown,
  more?: Parameters<typeof create>[2],
): Case => ({
  facts,
  what,
  ask: async (wire) => (await create(wire, sql, more))["StatusMessage"],
  gives: message,
});

/** A run that ends in the error MCE would show, and what is left in its target. */
const fails = (what: string, sql: string, fields: string, message: unknown, mode = "Overwrite"): Case => ({
  facts: "8.6",
  what,
  ask: async (wire) => {
    const task = taskOf(await start(wire, await create(wire, sql, { fields, mode })));
    await wire.advance(3000);
    return (await statusOf(wire, task)) ?? {};
  },
  gives: { Status: "Error", ErrorMsg: message },
});

/** FACTS 5, 6 and 8: query definitions, their runs, and what the service says of SQL. */
export const queryCases: Case[] = [
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
      const body = aQuery("Q", "Products", "SELECT ProductID, ProductName, Price FROM Products", "Append");
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
  refused(
    "5.1",
    "Overwrite that reads its own target",
    "SELECT EmailAddress FROM Target",
    expect.stringContaining("Target"),
  ),
  refused(
    "5.2",
    "ORDER BY without TOP",
    `${plain} ORDER BY EmailAddress`,
    `${checking}The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.`,
  ),
  refused(
    "5.2",
    "a C{MID} prefix",
    "SELECT EmailAddress FROM C7000001.Customers",
    expect.stringContaining("table has a multi-part specification. This is not allowed."),
  ),
  refused("5.2", "a semicolon", `${plain};`, expect.stringContaining("';' is a reserved word and may not be used")),
  refused(
    "5.2",
    "SELECT INTO",
    "SELECT EmailAddress INTO X FROM Customers",
    expect.stringContaining("'into' is a reserved word"),
  ),
  refused("5.2", "EXEC", "EXEC sp_who", expect.stringContaining("Only SELECT queries are valid.")),
  refused("5.2", "DELETE", "DELETE FROM Customers", expect.stringContaining("Only SELECT queries are valid.")),
  refused(
    "5.2",
    "an unknown column",
    "SELECT Nope AS EmailAddress FROM Customers",
    `${checking}Invalid column name 'Nope'.`,
  ),
  refused("5.2", "an unknown table", "SELECT EmailAddress FROM Nowhere", `${checking}Invalid object name 'Nowhere'.`),
  refused(
    "5.2",
    "a required field is missing",
    plain,
    expect.stringContaining("Field 'Id' is required for the Target Data Extension"),
    {
      fields: keyed(aField("EmailAddress")),
    },
  ),
  refused(
    "8.1",
    "a column without name",
    "SELECT COUNT(*) FROM Customers",
    expect.stringContaining("No column name was specified"),
  ),
  refused(
    "8.1",
    "a column twice",
    "SELECT EmailAddress, EmailAddress FROM Customers",
    expect.stringContaining("specified multiple times"),
  ),
  refused(
    "8.1",
    "a column the target does not have",
    "SELECT EmailAddress, Country FROM Customers",
    expect.stringContaining("Invalid column name 'Country'"),
  ),
  refused(
    "8.2",
    "WITH",
    `WITH a AS (${plain}) SELECT EmailAddress FROM a`,
    expect.stringContaining("Incorrect syntax near the keyword 'WITH'"),
  ),
  refused("8.2", "LIMIT", `${plain} LIMIT 5`, expect.stringMatching(/^Error saving the Query field\./)),
  refused(
    "8.2",
    "an alias in WHERE",
    "SELECT EmailAddress, Country AS C FROM Customers WHERE C = 'DE'",
    expect.stringContaining("Invalid column name 'C'"),
  ),
  {
    facts: "8.5",
    what: "a child writes Ent._Subscribers, not _Subscribers",
    ask: async (wire) => {
      const sql = async (text: string) => (await wire.call("POST", "/sandbox/sql", { sql: text, mid: 7000011 })).status;
      return [await sql("SELECT TOP 1 * FROM _Subscribers"), await sql("SELECT TOP 1 * FROM Ent._Subscribers")];
    },
    gives: [400, 200],
  },
  {
    facts: "8.5",
    what: "_Job holds the sends of the business unit that asks",
    ask: async (wire) => {
      const sql = "SELECT COUNT(*) AS N FROM _Job WHERE AccountID <> 7000011";
      return (await wire.call("POST", "/sandbox/sql", { sql, mid: 7000011 })).json["rows"];
    },
    gives: [["0"]],
  },
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
  {
    facts: "5.4",
    what: "Perform: Task/ID an integer, no OrdinalID, the object's id",
    ask: async (wire) => start(wire, await create(wire, plain)),
    gives: {
      OverallStatus: "OK",
      OverallStatusMessage: "",
      RequestID: expect.stringMatching(guid),
      Results: {
        Result: {
          StatusMessage: "QueryDefinition perform called successfully",
          Object: { ObjectID: expect.stringMatching(guid) },
          Task: {
            StatusCode: "OK",
            ID: expect.stringMatching(/^\d+$/),
            InteractionObjectID: expect.stringMatching(guid),
          },
        },
      },
    },
  },
  {
    facts: "5.4",
    what: "a CustomerKey is Error, code 2",
    ask: async (wire) => {
      await create(wire, plain);
      return soapText(wire, perform("<CustomerKey>Query</CustomerKey>"));
    },
    gives: { OverallStatus: "Error", Results: { Result: { StatusCode: "Error", ErrorCode: "2" } } },
  },
  {
    facts: "5.4",
    what: "an unknown ObjectID",
    ask: (wire) => soapText(wire, perform("<ObjectID>a077064d-0000-4000-8000-000000000000</ObjectID>")),
    gives: {
      Results: {
        Result: {
          StatusMessage: expect.stringMatching(/^Exception occurred during \[Schedule::Start\] ErrorID = \d+$/),
        },
      },
    },
  },
  {
    facts: "12.2",
    what: "TaskIDs are integers that rise",
    ask: async (wire) => {
      const made = await create(wire, plain);
      const ids = [taskOf(await start(wire, made)), taskOf(await start(wire, made))].map(Number);
      return Number(ids[1]) > Number(ids[0]);
    },
    gives: true,
  },
  {
    facts: "6",
    what: "the row is an ObjectExtension of Name/Value pairs in the service's order",
    ask: async (wire) => {
      const task = taskOf(await start(wire, await create(wire, plain)));
      const asked = ["CompletedDate", "ErrorMsg", "Status", "TaskID"];
      const { results } = await soap(wire, retrieve("AsyncActivityStatus", asked, where("TaskID", "equals", task)));
      const pairs = (results[0]?.["Properties"] as { Property: { Name: string }[] } | undefined)?.Property ?? [];
      return { type: results[0]?.["@type"], kind: results[0]?.["Type"], names: pairs.map((it) => it.Name) };
    },
    gives: {
      type: "ObjectExtension",
      kind: "AsyncActivityStatus",
      names: ["TaskID", "Status", "ErrorMsg", "CompletedDate"],
    },
  },
  {
    facts: "6",
    what: "the operator of the filter is ignored",
    ask: async (wire) => {
      const task = taskOf(await start(wire, await create(wire, plain)));
      return (await soap(wire, retrieve("AsyncActivityStatus", ["Status"], where("TaskID", "greaterThan", task))))
        .results.length;
    },
    gives: 1,
  },
  {
    facts: "6",
    what: "a filter on anything else is an error",
    ask: (wire) => soap(wire, retrieve("AsyncActivityStatus", ["Status"], where("Status", "equals", "Queued"))),
    gives: { overall: "Error: Object reference not set to an instance of an object.", results: [] },
  },
  {
    facts: "6",
    what: "Queued, Processing, Complete; dates are US style in UTC-6",
    ask: async (wire) => {
      const task = taskOf(await start(wire, await create(wire, plain)));
      const seen = [await statusOf(wire, task)];
      await wire.advance(500);
      seen.push(await statusOf(wire, task));
      await wire.advance(1500);
      return [...seen, await statusOf(wire, task)];
    },
    gives: [
      { Status: "Queued", CompletedDate: "" },
      { Status: "Processing", CompletedDate: "" },
      { Status: "Complete", CompletedDate: "1/15/2026 12:00:02 PM", ErrorMsg: "" },
    ],
  },
  {
    facts: "8.3",
    what: "killed after 30 minutes",
    ask: async (wire) => {
      await behave(wire, { durationMs: 3_600_000 });
      const task = taskOf(await start(wire, await create(wire, plain)));
      await wire.advance(30 * 60_000);
      return (await statusOf(wire, task)) ?? {};
    },
    gives: { Status: "Error", ErrorMsg: expect.stringMatching(/time-?out/i) },
  },
  fails(
    "a key repeated in the result",
    "SELECT 'a' AS Id UNION ALL SELECT 'A'",
    keyed(),
    expect.stringMatching(
      /Violation of PRIMARY KEY constraint .*Cannot insert duplicate key in object .*The duplicate key value is \(.*\)/s,
    ),
  ),
  fails(
    "a text too long",
    "SELECT 'abcdef' AS A",
    aField("A", "Text", "<MaxLength>5</MaxLength>"),
    expect.stringContaining("String or binary data would be truncated"),
  ),
  fails(
    "NULL for a required field",
    "SELECT CAST(NULL AS varchar(5)) AS A",
    aField("A", "Text", "<MaxLength>5</MaxLength><IsRequired>true</IsRequired>"),
    expect.stringMatching(
      /Cannot insert the value NULL into column 'A', table .*; column does not allow nulls\. INSERT fails\./,
    ),
  ),
  fails(
    "a conversion",
    "SELECT CAST(Country AS int) AS N FROM Customers",
    aField("N", "Number"),
    expect.stringMatching(/^Conversion failed when converting the varchar value '.*' to data type int\./),
  ),
  fails(
    "a date that is none",
    "SELECT CAST(Country AS datetime) AS D FROM Customers",
    aField("D", "Date"),
    expect.stringContaining("Conversion failed when converting date and/or time from character string"),
  ),
  fails(
    "a division by zero",
    "SELECT 1 / (Stock - Stock) AS N FROM Products WHERE Stock IS NOT NULL",
    aField("N", "Number"),
    "Divide by zero error encountered.",
  ),
  fails(
    "an overflow",
    "SELECT 2147483647 + Stock + 1 AS N FROM Products WHERE Stock > 0",
    aField("N", "Number"),
    expect.stringContaining("Arithmetic overflow error converting"),
  ),
  {
    facts: "8.6",
    what: "the target is gone",
    ask: async (wire) => {
      const task = taskOf(await start(wire, await create(wire, plain)));
      await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Target</CustomerKey>"));
      await wire.advance(3000);
      return (await statusOf(wire, task)) ?? {};
    },
    gives: { Status: "Error", ErrorMsg: expect.stringContaining("Invalid object name") },
  },
  ...(
    [
      ["Overwrite", ["9"]],
      ["Append", ["1", "9"]],
    ] as const
  ).map(([mode, left]): Case => ({
    facts: "8.1",
    what: `${mode} into a table of one row`,
    ask: async (wire) => {
      const made = await create(wire, "SELECT '9' AS A", { fields: aField("A"), mode });
      await rest(wire, "POST", "/hub/v1/dataevents/key:Target/rowset", [{ values: { A: "1" } }]);
      await start(wire, made);
      await wire.advance(3000);
      const { json } = await wire.call("POST", "/sandbox/sql", { sql: "SELECT TOP 9 A FROM Target ORDER BY A" });
      return (json["rows"] as string[][]).flat();
    },
    gives: left,
  })),
  {
    facts: "8.1",
    what: "Update replaces by key and adds the rest; fields left out become NULL only in new rows",
    ask: async (wire) => {
      const fields = keyed(aField("V") + aField("W"));
      const made = await create(wire, "SELECT '1' AS Id, 'new' AS V UNION ALL SELECT '2', 'two'", {
        fields,
        mode: "Update",
      });
      const row = { keys: { Id: "1" }, values: { V: "old", W: "kept" } };
      await rest(wire, "POST", "/hub/v1/dataevents/key:Target/rowset", [row]);
      await start(wire, made);
      await wire.advance(3000);
      return (await wire.call("POST", "/sandbox/sql", { sql: "SELECT TOP 9 Id, V, W FROM Target ORDER BY Id" })).json[
        "rows"
      ];
    },
    gives: [
      ["1", "new", "kept"],
      ["2", "two", null],
    ],
  },
  {
    facts: "8.1",
    what: "SELECT * is frozen when the query is saved",
    ask: async (wire) => {
      await soap(wire, write("Create", "DataExtension", aDataExtension("Source", aField("A"))));
      const made = await create(wire, "SELECT * FROM Source", { fields: aField("A") });
      await soap(
        wire,
        write("Update", "DataExtension", `<CustomerKey>Source</CustomerKey><Fields>${aField("B")}</Fields>`),
      );
      const task = taskOf(await start(wire, made));
      await wire.advance(3000);
      return (await statusOf(wire, task)) ?? {};
    },
    gives: { Status: "Complete", ErrorMsg: "" },
  },
];
