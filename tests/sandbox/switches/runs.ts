import { rest, soap } from "../support/wire-case.ts";
import {
  aDataExtension,
  aField,
  aQuery,
  perform,
  performed,
  retrieve,
  statusOf,
  where,
  write,
} from "../support/wire-messages.ts";
import { after, make, rowset, run, sql, status, three, type Switch } from "../support/wire-switches.ts";
import type { Json, Wire } from "../support/wire.ts";

// The shape of isrunning's answer.
const running = async (wire: Wire, id: string) =>
  ((await rest(wire, "GET", `/automation/v1/queries/${id}/actions/isrunning/`)).body as Json)["isRunning"];

/** Runs SQL that fails into a table of one row; answers the rows left, in order. */
export async function leftAfterFailure(wire: Wire): Promise<unknown> {
  const key = "<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>";
  await make(wire, "DataExtension", aDataExtension("Left", aField("K", "Text", key)));
  await rest(wire, "POST", "/hub/v1/dataevents/key:Left/rowset", [{ keys: { K: "old" } }]);
  const failing = "SELECT 'new' AS K UNION ALL SELECT 'two' UNION ALL SELECT 'NEW'";
  const { NewObjectID } = await make(wire, "QueryDefinition", aQuery("Q", "Left", failing));
  await soap(wire, perform(`<ObjectID>${String(NewObjectID)}</ObjectID>`));
  await wire.advance(2000);
  return sql(wire, "SELECT TOP 9 K FROM [Left] ORDER BY K");
}

/** Switches of runs and their results. */
export const runSwitches = {
  durationMs: {
    set: { durationMs: 9000 },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      return after(wire, 2000, () => status(wire, taskId));
    },
    off: "Complete",
    on: "Processing",
  },
  queuedMs: {
    set: { queuedMs: 400 },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      return after(wire, 300, () => status(wire, taskId));
    },
    off: "Processing",
    on: "Queued",
  },
  statusWithoutKeys: {
    set: { statusWithoutKeys: true },
    ask: async (wire) => {
      await run(wire);
      const { results } = await soap(
        wire,
        retrieve("AsyncActivityStatus", ["CustomerKey"], where("ClientID", "equals", "1")),
      );
      return results.flatMap(({ Properties }) => (Properties as Json)["Property"]);
    },
    off: [{ Name: "CustomerKey", Value: "Q_Run" }],
    on: [{ Name: "CustomerKey", Value: "" }],
  },
  rowsetDown: {
    set: { rowsetDown: 503 },
    ask: async (wire) => {
      await run(wire);
      await wire.advance(60_000);
      const rows = await soap(wire, retrieve("DataExtensionObject[Run]", ["EmailAddress"]));
      return [(await rowset(wire, "Run")).http, rows.results.length];
    },
    off: [200, 3],
    on: [503, 3],
  },
  statusMissingPolls: {
    set: { statusMissingPolls: 2 },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      return [await status(wire, taskId), await status(wire, taskId), await status(wire, taskId)];
    },
    off: ["Queued", "Queued", "Queued"],
    on: [undefined, undefined, "Queued"],
  },
  statusStuck: {
    set: { statusStuck: true },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      await wire.advance(60_000);
      const row = await statusOf(wire, taskId);
      return [row?.["Status"], row?.["CompletedDate"], (await rowset(wire, "Run")).http];
    },
    off: ["Complete", "1/15/2026 12:00:02 PM", 200],
    on: ["Queued", "1/15/2026 11:59:58 AM", 200],
  },
  statusTakesIn: {
    set: { statusTakesIn: false },
    ask: async (wire) => {
      const [one, other] = [await performed(wire, "One", three), await performed(wire, "Other", three)];
      const listed = `<Value>${one.taskId}</Value><Value>${other.taskId}</Value>`;
      const filter = `<Filter xsi:type="SimpleFilterPart"><Property>TaskID</Property><SimpleOperator>IN</SimpleOperator>${listed}</Filter>`;
      return (await soap(wire, retrieve("AsyncActivityStatus", ["TaskID", "Status"], filter))).results.length;
    },
    off: 2,
    on: 1,
  },
  isRunningLateMs: {
    set: { isRunningLateMs: 1000 },
    ask: async (wire) => {
      const { queryId } = await run(wire);
      const seen = [await running(wire, queryId)];
      for (const ms of [1000, 1000]) seen.push(await after(wire, ms, () => running(wire, queryId)));
      return seen;
    },
    off: [true, true, false],
    on: [false, true, false],
  },
  rowsetLateMs: {
    set: { rowsetLateMs: 3000 },
    ask: async (wire) => {
      await run(wire);
      const seen = [await after(wire, 2000, async () => (await rowset(wire, "Run")).http)];
      return [...seen, await after(wire, 3000, async () => (await rowset(wire, "Run")).http)];
    },
    off: [200, 200],
    on: [404, 200],
  },
  rowsetLateStatus: {
    set: { rowsetLateStatus: 400 },
    ask: async (wire) => {
      await run(wire);
      return (await rowset(wire, "Run")).http;
    },
    off: 404,
    on: 400,
  },
  rowsVisibleEarly: {
    set: { rowsVisibleEarly: true },
    ask: async (wire) => {
      await run(wire);
      return after(wire, 1000, async () => (await rowset(wire, "Run")).http);
    },
    off: 404,
    on: 200,
  },
  errorMsg: {
    set: { errorMsg: "Target data extension is locked" },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      await wire.advance(2000);
      const row = await statusOf(wire, taskId);
      return [row?.["Status"], row?.["ErrorMsg"], await sql(wire, "SELECT COUNT(*) AS N FROM Run")];
    },
    off: ["Complete", "", [["3"]]],
    on: ["Error", "Target data extension is locked", [["0"]]],
  },
  errorTimes: {
    set: { errorMsg: "no", errorTimes: 2 },
    ask: async (wire) => {
      const tasks = [];
      for (const name of ["One", "Two", "Three"]) tasks.push((await performed(wire, name, three)).taskId);
      await wire.advance(2000);
      return Promise.all(tasks.map((it) => status(wire, it)));
    },
    off: ["Complete", "Complete", "Complete"],
    on: ["Error", "Error", "Complete"],
  },
  errorMatch: {
    set: { errorMsg: "no", errorMatch: "Two" },
    ask: async (wire) => {
      const tasks = [];
      for (const name of ["One", "Two"]) tasks.push((await performed(wire, name, three)).taskId);
      await wire.advance(2000);
      return Promise.all(tasks.map((it) => status(wire, it)));
    },
    off: ["Complete", "Complete"],
    on: ["Complete", "Error"],
  },
  failedRun: {
    set: { failedRun: "rolled-back" },
    ask: leftAfterFailure,
    off: [],
    on: [["old"]],
  },
  overwriteOwnTarget: {
    set: { overwriteOwnTarget: "empty" },
    ask: async (wire) => {
      await make(wire, "DataExtension", aDataExtension("Own", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Own/rowset", [{ values: { A: "1" } }]);
      const made = await make(wire, "QueryDefinition", aQuery("Q", "Own", "SELECT A FROM Own"));
      await soap(wire, perform(`<ObjectID>${String(made["NewObjectID"])}</ObjectID>`));
      return [made["StatusCode"], await after(wire, 2000, () => sql(wire, "SELECT COUNT(*) AS N FROM Own"))];
    },
    off: ["Error", [["1"]]],
    on: ["OK", [["0"]]],
  },
  deleteStopsQuery: {
    set: { deleteStopsQuery: true },
    ask: async (wire) => {
      const { queryId, taskId } = await run(wire);
      await soap(wire, write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`));
      const seen = await status(wire, taskId);
      return [seen, await after(wire, 2000, () => status(wire, taskId))];
    },
    off: ["Queued", "Complete"],
    on: ["Error", "Error"],
  },
  secondStart: {
    set: { secondStart: "refuse" },
    ask: async (wire) => {
      const { queryId } = await run(wire);
      const again = await wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`));
      return (again.body["PerformResponseMsg"] as Json)["OverallStatus"];
    },
    off: "OK",
    on: "Error",
  },
  parallelRuns: {
    set: { parallelRuns: 1 },
    ask: async (wire) => {
      await run(wire);
      const { taskId } = await performed(wire, "Two", three);
      const seen = await after(wire, 1999, () => status(wire, taskId));
      return [seen, await after(wire, 2001, () => status(wire, taskId))];
    },
    off: ["Processing", "Complete"],
    on: ["Queued", "Complete"],
  },
  killAfterMs: {
    set: { killAfterMs: 1000 },
    ask: async (wire) => {
      const { taskId } = await run(wire);
      return after(wire, 1000, () => status(wire, taskId));
    },
    off: "Processing",
    on: "Error",
  },
} satisfies Record<string, Switch>;
