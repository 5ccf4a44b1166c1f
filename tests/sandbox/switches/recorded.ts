import { expect } from "vitest";
import { rest, soap } from "../support/wire-case.ts";
import { aDataExtension, aField, aQuery, perform, retrieve, where, write } from "../support/wire-messages.ts";
import { make, run, sql, three, type Switch } from "../support/wire-switches.ts";
import type { Wire } from "../support/wire.ts";

const wrong = "SELECT Nope AS EmailAddress FROM Customers";
const sendable =
  "<IsSendable>true</IsSendable><SendableDataExtensionField><Name>EmailAddress</Name></SendableDataExtensionField>" +
  "<SendableSubscriberField><Name>Subscriber Key</Name></SendableSubscriberField>";

/** Creates a query into a new data extension; answers what it says. */
async function saved(wire: Wire, text: string, more = ""): Promise<unknown> {
  await make(wire, "DataExtension", aDataExtension("T", aField("EmailAddress"), more));
  return (await make(wire, "QueryDefinition", aQuery("Q", "T", text)))["StatusMessage"];
}

/** Where sources about the same answer differ, or speak of some accounts. */
export const recordedSwitches = {
  leadingParenthesis: {
    set: { leadingParenthesis: "refuse" },
    ask: (wire) => sql(wire, "(SELECT 1 AS N)"),
    off: [["1"]],
    on: undefined,
  },
  soapSqlRefusal: {
    set: { soapSqlRefusal: "generic" },
    ask: (wire) => saved(wire, wrong),
    off: expect.stringContaining("Invalid column name 'Nope'."),
    on: expect.stringMatching(/^Exception occurred during \[CreateQueryDefinition\] ErrorID: \d+$/),
  },
  sendableTarget: {
    set: { sendableTarget: "refuse" },
    ask: (wire) => saved(wire, three, sendable),
    off: "QueryDefinition created",
    on: "Could not build exclusion text for unknown subscriber field type _Subscriber Key.",
  },
  noPermission: {
    set: { noPermission: "empty" },
    ask: (wire) => soap(wire, retrieve("DataExtension", ["Name"]), { scope: "offline" }),
    off: { http: 200, overall: "Error: API Permission Failed.", results: [] },
    on: { http: 200, overall: "OK", results: [] },
  },
  absentDeleteCode: {
    set: { absentDeleteCode: 310_007 },
    ask: async (wire) =>
      (await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Nothing</CustomerKey>"))).results[0]?.[
        "ErrorCode"
      ],
    off: "310002",
    on: "310007",
  },
  statusValueLeftOut: {
    set: { statusValueLeftOut: true },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      const asked = retrieve("AsyncActivityStatus", ["ErrorMsg"], where("TaskID", "equals", taskId));
      return (await soap(wire, asked)).results[0]?.["Properties"];
    },
    off: { Property: { Name: "ErrorMsg", Value: "" } },
    on: { Property: { Name: "ErrorMsg" } },
  },
  automationCalls: {
    set: { automationCalls: 2 },
    ask: async (wire) => {
      const list = async () => (await rest(wire, "GET", "/automation/v1/queries")).http;
      const seen = [
        await list(),
        await list(),
        await list(),
        (await soap(wire, perform("<ObjectID>x</ObjectID>"))).http,
      ];
      await wire.advance(10_000);
      return [...seen, await list()];
    },
    off: [200, 200, 200, 200, 200],
    on: [200, 200, 500, 200, 200],
  },
  gzip: {
    set: { gzip: "all" },
    ask: async (wire) => {
      const authorization = `Bearer ${await wire.token()}`;
      const encoding = async (accepted: string, path: string) => {
        const headers = { authorization, "accept-encoding": accepted };
        return (await wire.call("GET", path, undefined, headers)).headers.get("content-encoding");
      };
      const path = "/automation/v1/queries";
      return [await encoding("gzip, deflate", path), await encoding("identity", path)];
    },
    off: [null, null],
    on: ["gzip", null],
  },
} satisfies Record<string, Switch>;
