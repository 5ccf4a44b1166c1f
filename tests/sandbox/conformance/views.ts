import { type Case } from "../support/wire-case.ts";
import { type Wire } from "../support/wire.ts";

const parent = 7000001;
const child = 7000011;

const ask = (wire: Wire, sql: string, mid: number) => wire.call("POST", "/sandbox/sql", { sql, mid });
const rowsOf = async (wire: Wire, sql: string, mid: number) => (await ask(wire, sql, mid)).json["rows"];

/** How many rows of a view are older than it keeps any. */
const old = (view: string, column: string, part: string, count: number) =>
  `SELECT COUNT(*) AS N FROM ${view} WHERE ${column} < DATEADD(${part}, -${count}, ${column.endsWith("_UTC") ? "GETUTCDATE()" : "GETDATE()"})`;

/** MCE 8.7: where a data view is read, and how far back. */
export const viewCases: Case[] = [
  {
    facts: "8.7",
    what: "_BusinessUnitUnsubscribes is the parent's: a child writes Ent.",
    ask: async (wire) => {
      const sql = "SELECT COUNT(DISTINCT BusinessUnitID) AS N FROM _BusinessUnitUnsubscribes";
      const { status } = await ask(wire, sql, child);
      return [status, await rowsOf(wire, sql.replace("_Bus", "Ent._Bus"), child), await rowsOf(wire, sql, parent)];
    },
    gives: [400, [["3"]], [["3"]]],
  },
  {
    facts: "8.7",
    what: "the parent sees its children's tracking, a child its own",
    ask: (wire) =>
      Promise.all(
        ["_Sent", "_Open", "_Click", "_Bounce"].map(async (view) => {
          const sql = `SELECT COUNT(DISTINCT AccountID) AS N FROM ${view}`;
          return [await rowsOf(wire, sql, parent), await rowsOf(wire, sql, child)];
        }),
      ),
    gives: Array.from({ length: 4 }, () => [[["3"]], [["1"]]]),
  },
  {
    facts: "8.7",
    what: "_Job holds the jobs of the business unit that asks, in the parent too",
    ask: async (wire) => {
      const sql = "SELECT DISTINCT AccountID AS A FROM _Job";
      return [await rowsOf(wire, sql, parent), await rowsOf(wire, sql, child)];
    },
    gives: [[[`${parent}`]], [[`${child}`]]],
  },
  {
    facts: "8.7",
    what: "tracking goes back 6 months, automations 31 days, dispositions 7 days",
    ask: (wire) =>
      Promise.all(
        [
          old("_Sent", "EventDate", "MONTH", 6),
          old("_Job", "SchedTime", "MONTH", 6),
          old("_FTAF", "TransactionTime", "MONTH", 6),
          old("_AutomationInstance", "AutomationInstanceStartTime_UTC", "DAY", 31),
          old("_AutomationActivityInstance", "ActivityInstanceStartTime_UTC", "DAY", 31),
          old("_ReconcilableDispositionView", "StartTime", "DAY", 7),
        ].map((sql) => rowsOf(wire, sql, child)),
      ),
    gives: Array.from({ length: 6 }, () => [["0"]]),
  },
  {
    facts: "8.7",
    what: "_Subscribers keeps whole minutes",
    ask: (wire) =>
      rowsOf(wire, "SELECT COUNT(*) AS N FROM _Subscribers WHERE DATEPART(SECOND, DateJoined) <> 0", parent),
    gives: [["0"]],
  },
  {
    facts: "8.7",
    what: "All Subscribers is in every business unit's _ListSubscribers",
    ask: async (wire) => {
      const all = "FROM _ListSubscribers WHERE ListName = 'All Subscribers'";
      const sql = `SELECT CASE WHEN (SELECT COUNT(*) ${all}) = (SELECT COUNT(*) FROM Ent._Subscribers) THEN 'all' END AS A`;
      return [await rowsOf(wire, sql, parent), await rowsOf(wire, sql, child)];
    },
    gives: [[["all"]], [["all"]]],
  },
];
