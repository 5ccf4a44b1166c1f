import { expect } from "vitest";
import { guid } from "../support/wire-assets.ts";
import { behave, type Case, rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, perform, retrieve, statusOf, where, write } from "../support/wire-messages.ts";
import { keyed, plain, create, start, soapText, taskOf, fails } from "../support/wire-queries.ts";

/** MCE 5.4, 6, 8.3 and 8.6: runs, their status, and what they leave. */
export const queryRunCases: Case[] = [
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
    what: "StartTime and EndTime, as texts of the server's zone, bound when a task was started",
    ask: async (wire) => {
      await start(wire, await create(wire, plain));
      const between = (from: string, to: string) =>
        `<Filter xsi:type="ComplexFilterPart">${where("StartTime", "equals", from, "LeftOperand")}<LogicalOperator>OR</LogicalOperator>${where("EndTime", "equals", to, "RightOperand")}</Filter>`;
      const counts: number[] = [];
      for (const filter of [
        between("1/15/2026 11:59:00 AM", "1/15/2026 12:01:00 PM"),
        between("1/15/2026 12:01:00 PM", "1/15/2026 12:02:00 PM"),
        between("1/15/2026 11:58:00 AM", "1/15/2026 11:59:00 AM"),
      ]) {
        counts.push((await soap(wire, retrieve("AsyncActivityStatus", ["TaskID"], filter))).results.length);
      }
      return counts;
    },
    gives: [1, 0, 0],
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
