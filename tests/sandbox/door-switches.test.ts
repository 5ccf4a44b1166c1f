import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Behaviours, profileNames, profiles, switchNames } from "../../sandbox/behaviours.ts";
import { behave, rest, soap } from "./support/wire-case.ts";
import { type Json, openWire, type Wire } from "./support/wire.ts";
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
} from "./support/wire-messages.ts";

/** What is seen without the switch, and with it set. */
type Row = { set: Json; ask: () => Promise<unknown>; off: unknown; on: unknown };

let wire: Wire;
beforeAll(async () => {
  wire = await openWire({ durationMs: 2000 });
  // Longer than any jump of the clock below.
  await behave(wire, { tokenLifeMs: 86_400_000 });
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

const app = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const three = "SELECT 'a@b.c' AS EmailAddress UNION ALL SELECT 'b@b.c' UNION ALL SELECT 'c@b.c'";
const run = () => performed(wire, "Run", three);
const status = async (taskId: string) => (await statusOf(wire, taskId))?.["Status"];
const rowset = (key: string, more = "") => rest(wire, "GET", `/data/v1/customobjectdata/key/${key}/rowset${more}`);
const running = async (id: string) =>
  ((await rest(wire, "GET", `/automation/v1/queries/${id}/actions/isrunning/`)).body as Json)["isRunning"];
const make = async (type: string, content: string) =>
  (await soap(wire, write("Create", type, content))).results[0] ?? {};
const token = (more: Json = {}) =>
  wire.call("POST", "/v2/token", { grant_type: "client_credentials", ...app, ...more });
const validate = async (Text: string) => rest(wire, "POST", "/automation/v1/queries/actions/validate/", { Text });
const sql = async (text: string) => (await wire.call("POST", "/sandbox/sql", { sql: text })).json["rows"];
const after = async (ms: number, look: () => Promise<unknown>) => {
  await wire.advance(ms);
  return look();
};

/** Runs SQL that fails into a table of one row; answers the rows left, in order. */
async function leftAfterFailure(): Promise<unknown> {
  const key = "<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>";
  await make("DataExtension", aDataExtension("Left", aField("K", "Text", key)));
  await rest(wire, "POST", "/hub/v1/dataevents/key:Left/rowset", [{ keys: { K: "old" } }]);
  const failing = "SELECT 'new' AS K UNION ALL SELECT 'two' UNION ALL SELECT 'NEW'";
  const { NewObjectID } = await make("QueryDefinition", aQuery("Q", "Left", failing));
  await soap(wire, perform(`<ObjectID>${String(NewObjectID)}</ObjectID>`));
  await wire.advance(2000);
  return sql("SELECT TOP 9 K FROM [Left] ORDER BY K");
}

async function refreshTwice(): Promise<unknown> {
  const redirect_uri = "http://127.0.0.1:4321/callback";
  const body = new URLSearchParams({
    response_type: "code",
    client_id: app.client_id,
    redirect_uri,
    decision: "allow",
  });
  const answer = await fetch(`${wire.url}/v2/authorize`, { method: "POST", body, redirect: "manual" });
  const code = new URL(answer.headers.get("location") ?? "about:blank").searchParams.get("code");
  const first = (await token({ grant_type: "authorization_code", code, redirect_uri })).json["refresh_token"];
  const use = () => token({ grant_type: "refresh_token", refresh_token: first });
  return [(await use()).status, (await use()).status];
}

const rows: Record<keyof Behaviours, Row> = {
  durationMs: {
    set: { durationMs: 9000 },
    ask: async () => {
      const { taskId } = await run();
      return after(2000, () => status(taskId));
    },
    off: "Complete",
    on: "Processing",
  },
  queuedMs: {
    set: { queuedMs: 400 },
    ask: async () => {
      const { taskId } = await run();
      return after(300, () => status(taskId));
    },
    off: "Processing",
    on: "Queued",
  },
  statusMissingPolls: {
    set: { statusMissingPolls: 2 },
    ask: async () => {
      const { taskId } = await run();
      return [await status(taskId), await status(taskId), await status(taskId)];
    },
    off: ["Queued", "Queued", "Queued"],
    on: [undefined, undefined, "Queued"],
  },
  statusStuck: {
    set: { statusStuck: true },
    ask: async () => {
      const { taskId } = await run();
      await wire.advance(60_000);
      const row = await statusOf(wire, taskId);
      return [row?.["Status"], row?.["CompletedDate"], (await rowset("Run")).http];
    },
    off: ["Complete", "1/15/2026 12:00:02 PM", 200],
    on: ["Queued", "1/15/2026 11:59:58 AM", 200],
  },
  isRunningLateMs: {
    set: { isRunningLateMs: 1000 },
    ask: async () => {
      const { queryId } = await run();
      const seen = [await running(queryId)];
      for (const ms of [1000, 1000]) seen.push(await after(ms, () => running(queryId)));
      return seen;
    },
    off: [true, true, false],
    on: [false, true, false],
  },
  rowsetLateMs: {
    set: { rowsetLateMs: 3000 },
    ask: async () => {
      await run();
      const seen = [await after(2000, async () => (await rowset("Run")).http)];
      return [...seen, await after(3000, async () => (await rowset("Run")).http)];
    },
    off: [200, 200],
    on: [404, 200],
  },
  rowsetLateStatus: {
    set: { rowsetLateStatus: 400 },
    ask: async () => {
      await run();
      return (await rowset("Run")).http;
    },
    off: 404,
    on: 400,
  },
  rowsVisibleEarly: {
    set: { rowsVisibleEarly: true },
    ask: async () => {
      await run();
      return after(1000, async () => (await rowset("Run")).http);
    },
    off: 404,
    on: 200,
  },
  errorMsg: {
    set: { errorMsg: "Target data extension is locked" },
    ask: async () => {
      const { taskId } = await run();
      await wire.advance(2000);
      const row = await statusOf(wire, taskId);
      return [row?.["Status"], row?.["ErrorMsg"], await sql("SELECT COUNT(*) AS N FROM Run")];
    },
    off: ["Complete", "", [["3"]]],
    on: ["Error", "Target data extension is locked", [["0"]]],
  },
  errorTimes: {
    set: { errorMsg: "no", errorTimes: 2 },
    ask: async () => {
      const tasks = [];
      for (const name of ["One", "Two", "Three"]) tasks.push((await performed(wire, name, three)).taskId);
      await wire.advance(2000);
      return Promise.all(tasks.map(status));
    },
    off: ["Complete", "Complete", "Complete"],
    on: ["Error", "Error", "Complete"],
  },
  errorMatch: {
    set: { errorMsg: "no", errorMatch: "Two" },
    ask: async () => {
      const tasks = [];
      for (const name of ["One", "Two"]) tasks.push((await performed(wire, name, three)).taskId);
      await wire.advance(2000);
      return Promise.all(tasks.map(status));
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
    ask: async () => {
      await make("DataExtension", aDataExtension("Own", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Own/rowset", [{ values: { A: "1" } }]);
      const made = await make("QueryDefinition", aQuery("Q", "Own", "SELECT A FROM Own"));
      await soap(wire, perform(`<ObjectID>${String(made["NewObjectID"])}</ObjectID>`));
      return [made["StatusCode"], await after(2000, () => sql("SELECT COUNT(*) AS N FROM Own"))];
    },
    off: ["Error", [["1"]]],
    on: ["OK", [["0"]]],
  },
  cteAccepted: {
    set: { cteAccepted: true },
    ask: () => sql("WITH a AS (SELECT 1 AS N) SELECT N FROM a"),
    off: undefined,
    on: [["1"]],
  },
  deleteStopsQuery: {
    set: { deleteStopsQuery: true },
    ask: async () => {
      const { queryId, taskId } = await run();
      await soap(wire, write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`));
      const seen = await status(taskId);
      return [seen, await after(2000, () => status(taskId))];
    },
    off: ["Queued", "Complete"],
    on: ["Error", "Error"],
  },
  secondStart: {
    set: { secondStart: "refuse" },
    ask: async () => {
      const { queryId } = await run();
      const again = await wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`));
      return (again.body["PerformResponseMsg"] as Json)["OverallStatus"];
    },
    off: "OK",
    on: "Error",
  },
  parallelRuns: {
    set: { parallelRuns: 1 },
    ask: async () => {
      await run();
      const { taskId } = await performed(wire, "Two", three);
      const seen = await after(1999, () => status(taskId));
      return [seen, await after(2001, () => status(taskId))];
    },
    off: ["Processing", "Complete"],
    on: ["Queued", "Complete"],
  },
  killAfterMs: {
    set: { killAfterMs: 1000 },
    ask: async () => {
      const { taskId } = await run();
      return after(1000, () => status(taskId));
    },
    off: "Processing",
    on: "Error",
  },
  nameBlockedMs: {
    set: { nameBlockedMs: 0 },
    ask: async () => {
      await make("DataExtension", aDataExtension("Gone", aField("A")));
      await soap(wire, write("Delete", "DataExtension", "<CustomerKey>Gone</CustomerKey>"));
      return (await make("DataExtension", aDataExtension("Gone", aField("A"))))["StatusCode"];
    },
    off: "Error",
    on: "OK",
  },
  tokenLifeMs: {
    set: { tokenLifeMs: 60_000 },
    ask: async () => {
      const { json } = await token();
      const look = () =>
        wire.call("GET", "/v2/userinfo", undefined, { authorization: `Bearer ${String(json["access_token"])}` });
      return [json["expires_in"], await after(60_000, async () => (await look()).status)];
    },
    off: [1079, 200],
    on: [60, 401],
  },
  tokenDelayMs: {
    set: { tokenDelayMs: 5000 },
    ask: async () => {
      let isAnswered = false;
      const asked = token().then(() => (isAnswered = true));
      // Calls that were sent later and answered show that the first one waits.
      for (let turn = 0; turn < 50 && !isAnswered; turn++) await wire.call("GET", "/sandbox/clock");
      const early = isAnswered;
      await wire.advance(5000);
      await asked;
      return early;
    },
    off: true,
    on: false,
  },
  invalidClient: {
    set: { invalidClient: true },
    ask: async () => {
      const { status: http, json } = await token();
      return [http, json["error"]];
    },
    off: [200, undefined],
    on: [401, "invalid_client"],
  },
  tokenMid: {
    set: { tokenMid: 7000012 },
    ask: async () => {
      const authorization = `Bearer ${String((await token()).json["access_token"])}`;
      const { json } = await wire.call("GET", "/platform/v1/tokenContext", undefined, { authorization });
      return (json["organization"] as Json)["id"];
    },
    off: 7000001,
    on: 7000012,
  },
  userInfoShape: {
    set: { userInfoShape: "flat" },
    ask: async () => {
      const { body } = await rest(wire, "GET", "/v2/userinfo");
      return [(body as Json)["member_id"], "organization" in (body as Json)];
    },
    off: [undefined, true],
    on: [7000001, false],
  },
  soapFaultStatus: {
    set: { soapFaultStatus: 200 },
    ask: async () => {
      const answer = await wire.soap(retrieve("DataFolder", ["ID"]), { token: "no" });
      return [answer.status, "Fault" in answer.body];
    },
    off: [500, true],
    on: [200, true],
  },
  strictParser: {
    set: { strictParser: true },
    ask: async () =>
      (await soap(wire, write("Create", "DataExtension", aDataExtension("S", aField("A"))).replace("<Options/>", "")))
        .http,
    off: 200,
    on: 500,
  },
  batchSize: {
    set: { batchSize: 2 },
    ask: async () => {
      const { overall, results } = await soap(wire, retrieve("DataFolder", ["ID"]));
      return [overall, results.length];
    },
    off: ["OK", 5],
    on: ["MoreDataAvailable", 2],
  },
  staleContinue: {
    set: { staleContinue: true },
    ask: async () => {
      const more = "<Options><BatchSize>2</BatchSize></Options>";
      const first = await wire.soap(retrieve("DataFolder", ["ID"], "", more));
      const id = String((first.body["RetrieveResponseMsg"] as Json)["RequestID"]);
      const next = retrieve("DataFolder", [], "", `<ContinueRequest>${id}</ContinueRequest>`);
      return (await soap(wire, next)).overall;
    },
    off: "OK",
    on: "Error: The RequestID sent through ContinueRequest does not exist.",
  },
  localizedRoots: {
    set: { localizedRoots: true },
    ask: async () => (await soap(wire, retrieve("DataFolder", ["Name"], where("ID", "equals", "4711")))).results,
    off: [expect.objectContaining({ Name: "Data Extensions" })],
    on: [expect.objectContaining({ Name: "Datenerweiterungen" })],
  },
  retentionRefused: {
    set: { retentionRefused: true },
    ask: async () => {
      const period =
        "<DataRetentionPeriodLength>2</DataRetentionPeriodLength><DataRetentionPeriod>Days</DataRetentionPeriod>";
      const kept = await make("DataExtension", aDataExtension("Kept", aField("A"), period));
      return [kept["StatusCode"], (await make("DataExtension", aDataExtension("Plain", aField("A"))))["StatusCode"]];
    },
    off: ["OK", "OK"],
    on: ["Error", "OK"],
  },
  deleteAtEndDeletes: {
    set: { deleteAtEndDeletes: true },
    ask: async () => {
      const period =
        "<DataRetentionPeriodLength>1</DataRetentionPeriodLength><DeleteAtEndOfRetentionPeriod>true</DeleteAtEndOfRetentionPeriod><DataRetentionPeriod>Days</DataRetentionPeriod>";
      await make("DataExtension", aDataExtension("Ending", aField("A"), period));
      return after(12 * 3_600_000, async () => (await rowset("Ending")).http);
    },
    off: 200,
    on: 404,
  },
  duplicateQueryName: {
    set: { duplicateQueryName: "allow" },
    ask: async () => {
      await make("DataExtension", aDataExtension("T", aField("EmailAddress")));
      await make("QueryDefinition", aQuery("Twin", "T", three));
      const twin = aQuery("Twin", "T", three).replace("<CustomerKey>Twin<", "<CustomerKey>other<");
      return (await make("QueryDefinition", twin))["StatusCode"];
    },
    off: "Error",
    on: "OK",
  },
  isRunningKeyStatus: {
    set: { isRunningKeyStatus: 404 },
    ask: async () => (await rest(wire, "GET", "/automation/v1/queries/some-key/actions/isrunning/")).http,
    off: 400,
    on: 404,
  },
  validateDown: {
    set: { validateDown: true },
    ask: async () => (await validate("SELECT 1 AS A")).http,
    off: 200,
    on: 500,
  },
  validateOrderBy: {
    set: { validateOrderBy: true },
    ask: async () => {
      const text = "SELECT EmailAddress FROM Customers ORDER BY EmailAddress";
      const { body } = await validate(text);
      await make("DataExtension", aDataExtension("T", aField("EmailAddress")));
      return [(body as Json)["queryValid"], (await make("QueryDefinition", aQuery("Q", "T", text)))["StatusCode"]];
    },
    off: [false, "Error"],
    on: [true, "Error"],
  },
  rowsetFilter: {
    set: { rowsetFilter: false },
    ask: async () => ((await rowset("order.v2", "?$filter=Select eq 3")).body as Json)["count"],
    off: 1,
    on: 12,
  },
  keylessKeys: {
    set: { keylessKeys: "missing" },
    ask: async () => {
      await make("DataExtension", aDataExtension("Keyless", aField("A")));
      await rest(wire, "POST", "/hub/v1/dataevents/key:Keyless/rowset", [{ values: { A: "1" } }]);
      return ((await rowset("Keyless")).body as Json)["items"];
    },
    off: [{ keys: { _customobjectkey: "1" }, values: { a: "1" } }],
    on: [{ values: { a: "1" } }],
  },
  rowsetTokenLifeMs: {
    set: { rowsetTokenLifeMs: 1000 },
    ask: async () => {
      const id = String(((await rowset("Products")).body as Json)["requestToken"]);
      return after(1000, async () => (await rest(wire, "GET", `/data/v1/customobjectdata/token/${id}/rowset`)).http);
    },
    off: 200,
    on: 400,
  },
  refreshGraceMs: {
    set: { refreshGraceMs: 0 },
    ask: refreshTwice,
    off: [200, 200],
    on: [200, 400],
  },
};

describe("each switch does what README.md says, and nothing before it is set", () => {
  test.each(Object.entries(rows))("%s", async (_, { set, ask, off, on }) => {
    expect(await ask()).toEqual(off);
    await wire.call("POST", "/sandbox/reset");
    await behave(wire, set);
    expect(await ask()).toEqual(on);
  });

  test("failedRun partial: what was inserted before the failure stays", async () => {
    await behave(wire, { failedRun: "partial" });
    expect(await leftAfterFailure()).toEqual([["new"], ["two"]]);
  });

  test("keylessKeys empty: keys without members", async () => {
    await behave(wire, { keylessKeys: "empty" });
    expect(await rows.keylessKeys.ask()).toEqual([{ keys: {}, values: { a: "1" } }]);
  });

  test("every switch is in the table, and in each profile", () => {
    expect(Object.keys(rows).sort()).toEqual([...switchNames].sort());
    for (const name of profileNames) expect(Object.keys(profiles[name]).sort()).toEqual([...switchNames].sort());
  });
});
