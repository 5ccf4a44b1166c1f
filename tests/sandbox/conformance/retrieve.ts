import { type Case, soap } from "../support/wire-case.ts";
import { retrieve, where } from "../support/wire-messages.ts";
import type { Wire } from "../support/wire.ts";

const inUnits = (body: string, ...mids: number[]) =>
  body.replace("<ObjectType>", `${mids.map((mid) => `<ClientIDs><ID>${mid}</ID></ClientIDs>`).join("")}<ObjectType>`);
const refusedRetrieve = (message: string) => ({ http: 200, overall: message, results: [] });

/** A Retrieve whose answer is only its OverallStatus. */
const says = (what: string, body: string, message: string): Case => ({
  facts: "2.3",
  what,
  ask: (wire) => soap(wire, body),
  gives: refusedRetrieve(message),
});

async function batches(wire: Wire, size: number): Promise<{ counts: number[]; statuses: unknown[]; ids: number }> {
  const seen = { counts: [] as number[], statuses: [] as unknown[] };
  const ids = new Set<string>();
  let more = `<Options><BatchSize>${size}</BatchSize></Options>`;
  for (let turn = 0; turn < 20; turn++) {
    const answer = await wire.soap(
      retrieve("DataExtensionField", ["Name"], where("DataExtension.CustomerKey", "equals", "Orders"), more),
    );
    const response = answer.body["RetrieveResponseMsg"] as {
      RequestID: string;
      OverallStatus: string;
      Results: unknown;
    };
    ids.add(response.RequestID);
    seen.counts.push(Array.isArray(response.Results) ? response.Results.length : 1);
    seen.statuses.push(response.OverallStatus);
    if (response.OverallStatus !== "MoreDataAvailable") break;
    more = `<ContinueRequest>${response.RequestID}</ContinueRequest><Options><BatchSize>${size}</BatchSize></Options>`;
  }
  return { ...seen, ids: ids.size };
}

/** MCE 2.3: Retrieve, its batches and filters. */
export const retrieveCases: Case[] = [
  says(
    "unknown object type",
    retrieve("Nothing", ["ID"]),
    "Error: Unable to find a handler for object type: Nothing. Object types are case-sensitive, check spelling.",
  ),
  says(
    "object types are case-sensitive",
    retrieve("dataextension", ["Name"]),
    "Error: Unable to find a handler for object type: dataextension. Object types are case-sensitive, check spelling.",
  ),
  says(
    "two wrong properties are both named",
    retrieve("DataExtension", ["RowCount", "Name", "Fields"]),
    "Error: The Request Property(s) RowCount, Fields do not match with the fields of DataExtension retrieve",
  ),
  says("no properties", retrieve("DataExtension", []), "Error: Object reference not set to an instance of an object."),
  says("nothing found: OK and no Results", retrieve("DataFolder", ["ID"], where("ID", "equals", "1")), "OK"),
  says(
    "a filter on a property nobody can filter by",
    retrieve("DataFolder", ["ID"], where("Description", "equals", "x")),
    "Error: Object reference not set to an instance of an object.",
  ),
  says(
    "equals without a value",
    retrieve("DataFolder", ["ID"], where("Name", "equals", [])),
    "Error: Invalid argument for the equals operator. Filter array cannot be null.",
  ),
  says(
    "a complex filter with one operand",
    retrieve(
      "DataFolder",
      ["ID"],
      `<Filter xsi:type="ComplexFilterPart">${where("ID", "equals", "1", "LeftOperand")}<LogicalOperator>AND</LogicalOperator></Filter>`,
    ),
    "Error: Incorrect syntax near the keyword 'AND'.",
  ),
  says(
    "LIKE on rows",
    retrieve("DataExtensionObject[Products]", ["ProductID"], where("ProductName", "like", "Music%")),
    "Error: Object reference not set to an instance of an object.",
  ),
  says("Properties * on rows: OK, none", retrieve("DataExtensionObject[Products]", ["*"]), "OK"),
  {
    facts: "2.3",
    what: "batches of 5: MoreDataAvailable until the last, a new RequestID each",
    ask: (wire) => batches(wire, 5),
    gives: { counts: [5, 5, 3], statuses: ["MoreDataAvailable", "MoreDataAvailable", "OK"], ids: 3 },
  },
  {
    facts: "2.3",
    what: "BatchSize can lower the 2500, not raise them",
    ask: async (wire) => {
      const body = retrieve(
        "DataExtensionObject[Orders]",
        ["OrderID"],
        "",
        "<Options><BatchSize>9999</BatchSize></Options>",
      );
      const { overall, results } = await soap(wire, body);
      return [overall, results.length];
    },
    gives: ["MoreDataAvailable", 2500],
  },
  {
    facts: "2.3",
    what: "AdditionalOperands count",
    ask: async (wire) => {
      const operand = where("ID", "equals", "4713", "Operand");
      const filter =
        `<Filter xsi:type="ComplexFilterPart">${where("ID", "equals", "4711", "LeftOperand")}<LogicalOperator>OR</LogicalOperator>` +
        `${where("ID", "equals", "4712", "RightOperand")}<AdditionalOperands>${operand}</AdditionalOperands></Filter>`;
      return (await soap(wire, retrieve("DataFolder", ["ID"], filter))).results.length;
    },
    gives: 3,
  },
  ...(
    [
      ["existsInString", "Exten", 3],
      ["existsInStringAsAWord", "data", 3],
      ["notExistsInString", "Exten", 2],
      ["contains", "uer", 1],
      ["notContains", "uer", 4],
      ["endsWith", "Extensions", 3],
      ["lessThan", "B", 1],
      ["equals", "query", 1],
      ["notEquals", "Query", 4],
      ["like", "Data%", 1],
      ["like", "Data", 3],
      ["beginsWith", "Sha", 1],
      ["isNotNull", "", 5],
      ["isNull", "", 0],
    ] as const
  ).map(([operator, value, count]): Case => ({
    facts: "2.3",
    what: `operator ${operator} ${value}`,
    ask: async (wire) =>
      (await soap(wire, retrieve("DataFolder", ["Name"], where("Name", operator, value)))).results.length,
    gives: count,
  })),
  {
    facts: "2.3",
    what: "a complex filter inside a complex filter",
    ask: async (wire) => {
      const complex = (name: string, how: string, left: string, right: string) =>
        `<${name} xsi:type="ComplexFilterPart">${left}<LogicalOperator>${how}</LogicalOperator>${right}</${name}>`;
      const either = complex(
        "LeftOperand",
        "OR",
        where("ID", "equals", "4711", "LeftOperand"),
        where("ID", "equals", "4712", "RightOperand"),
      );
      const filter = complex("Filter", "AND", either, where("Name", "equals", "Query", "RightOperand"));
      return (await soap(wire, retrieve("DataFolder", ["ID"], filter))).results;
    },
    gives: [{ ID: "4712" }],
  },
  ...(
    [
      ["with a zone", "2026-01-15T18:00:01.000Z", "lessThan", 5],
      ["of the server", "2026-01-15T12:00:00", "lessThan", 0],
      ["of the server, included", "2026-01-15T12:00:00", "lessThanOrEqual", 5],
    ] as const
  ).map(([what, value, operator, count]): Case => ({
    facts: "2.3",
    what: `a date ${what}`,
    ask: async (wire) =>
      (await soap(wire, retrieve("DataFolder", ["ID"], where("CreatedDate", operator, value)))).results.length,
    gives: count,
  })),
  {
    facts: "2.3",
    what: "between and greaterThan on numbers, IN",
    ask: async (wire) => {
      const count = async (operator: string, values: string | string[]) =>
        (await soap(wire, retrieve("DataFolder", ["ID"], where("ID", operator, values)))).results.length;
      return [
        await count("between", ["4711", "4712"]),
        await count("greaterThan", "4711"),
        await count("IN", ["4711", "4713"]),
      ];
    },
    gives: [2, 4, 2],
  },
  {
    facts: "2.3",
    what: "ClientIDs of several business units",
    ask: async (wire) => {
      const body = retrieve("DataFolder", ["Client.ID"], where("ContentType", "equals", "queryactivity"));
      return (await soap(wire, inUnits(body, 7000011, 7000012))).results.map((it) => it["Client"]);
    },
    gives: [{ ID: "7000011" }, { ID: "7000012" }],
  },
  {
    facts: "2.3",
    what: "ClientIDs/ClientID, the deprecated twin",
    ask: async (wire) => {
      const body = inUnits(retrieve("DataFolder", ["Client.ID"], where("Name", "equals", "Query")), 7000011);
      return (await soap(wire, body.replace("<ID>7000011</ID>", "<ClientID>7000011</ClientID>"))).results[0];
    },
    gives: { Client: { ID: "7000011" } },
  },
];
