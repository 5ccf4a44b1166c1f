import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Json, openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, perform, performed, resultOf, statusOf, write } from "./support/wire-messages.ts";

let wire: Wire;
let authorization: string;
beforeAll(async () => {
  wire = await openWire();
  // Longer than any jump of the clock below.
  await wire.call("POST", "/sandbox/behaviours", { tokenLifeMs: 86_400_000 });
  authorization = `Bearer ${await wire.token()}`;
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

/** Three rows, whatever the seed holds. */
const sql = "SELECT 'a@b.c' AS EmailAddress UNION ALL SELECT 'b@b.c' UNION ALL SELECT 'c@b.c'";
const behave = (switches: Json) => wire.call("POST", "/sandbox/behaviours", switches);
const get = (path: string) => wire.call("GET", path, undefined, { authorization });
const rowset = (key: string) => get(`/data/v1/customobjectdata/key/${key}/rowset`);
const running = async (id: string) => (await get(`/automation/v1/queries/${id}/actions/isrunning/`)).json["isRunning"];
const events = async () => (await wire.ledger()).filter((it) => it["event"] !== "call");

describe("Perform, MCE 5.4", () => {
  test("answers the task's id and no OrdinalID", async () => {
    const { queryId } = await performed(wire, "Run", sql);
    const answer = await wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`, "start"));
    expect(answer.body).toMatchObject({
      PerformResponseMsg: {
        Results: {
          Result: {
            StatusCode: "OK",
            StatusMessage: "QueryDefinition perform called successfully",
            Object: { "@type": "QueryDefinition", PartnerKey: { "@nil": "true" }, ObjectID: queryId },
            Task: {
              StatusCode: "OK",
              StatusMessage: "OK",
              ID: expect.stringMatching(/^\d+$/),
              InteractionObjectID: expect.any(String),
            },
          },
        },
        OverallStatus: "OK",
        OverallStatusMessage: "",
      },
    });
    expect(answer.text).not.toContain("OrdinalID");
  });

  test.each([
    ["a customer key", "<CustomerKey>Q_Run</CustomerKey>"],
    ["an unknown id", "<ObjectID>a077064d-0000-4000-8000-000000000000</ObjectID>"],
  ])("%s instead of an ObjectID is Error, code 2", async (_, content) => {
    await performed(wire, "Run", sql);
    expect((await wire.soap(perform(content))).body).toMatchObject({
      PerformResponseMsg: {
        OverallStatus: "Error",
        Results: {
          Result: {
            StatusCode: "Error",
            ErrorCode: "2",
            StatusMessage: expect.stringMatching(/^Exception occurred during \[Schedule::Start\] ErrorID = \d+$/),
          },
        },
      },
    });
  });

  test("4.6: ClearData empties a data extension and has no Task", async () => {
    const answer = await wire.soap(perform("<CustomerKey>Customers</CustomerKey>", "ClearData", "DataExtension"));
    expect(answer.text).toContain(
      "Data from requested data extension was cleared successfully. DataExtension - CustmoerKey :Customers",
    );
    expect(answer.text).not.toContain("<Task>");
    expect((await rowset("Customers")).json).toMatchObject({ count: 0 });
  });
});

describe("a run on the clock, MCE 6, 7.1, 12.1", () => {
  test("Queued, Processing, Complete; isrunning and rowset follow; the ledger has the true times", async () => {
    const { queryId, taskId } = await performed(wire, "Run", sql);
    const begun = Number((await events())[0]?.["at"]);
    expect(await statusOf(wire, taskId)).toEqual({ TaskID: taskId, Status: "Queued", ErrorMsg: "", CompletedDate: "" });
    await wire.advance(200);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Processing" });
    expect([await running(queryId), (await rowset("Run")).status]).toEqual([true, 404]);
    await wire.advance(1799);
    expect([await running(queryId), (await rowset("Run")).status]).toEqual([true, 404]);
    await wire.advance(500);
    expect(await statusOf(wire, taskId)).toMatchObject({
      Status: "Complete",
      ErrorMsg: "",
      CompletedDate: "1/15/2026 12:00:02 PM",
    });
    expect([await running(queryId), (await rowset("Run")).json["count"]]).toEqual([false, 3]);
    const mid = 7000001;
    expect(await events()).toEqual([
      { seq: expect.any(Number), at: begun, event: "perform", taskId: Number(taskId), queryKey: "Q_Run", mid },
      {
        seq: expect.any(Number),
        at: begun + 2000,
        event: "applied",
        taskId: Number(taskId),
        targetKey: "Run",
        mode: "overwrite",
        rows: 3,
      },
      { seq: expect.any(Number), at: begun + 2000, event: "done", taskId: Number(taskId), outcome: "complete" },
    ]);
  });

  test("a failure of the engine becomes Status Error with its ErrorMsg, and nothing is applied", async () => {
    const { taskId } = await performed(
      wire,
      "Run",
      "SELECT CAST(EmailAddress AS int) AS N FROM Customers",
      aField("N", "Number"),
    );
    await wire.advance(2000);
    expect(await statusOf(wire, taskId)).toMatchObject({
      Status: "Error",
      ErrorMsg: expect.stringContaining("Conversion failed"),
    });
    expect((await events()).map((it) => [it["event"], it["outcome"]])).toEqual([
      ["perform", undefined],
      ["done", "error"],
    ]);
    expect((await rowset("Run")).json).toMatchObject({ count: 0 });
  });

  test("8.3: a query is killed after 30 minutes", async () => {
    await behave({ durationMs: 3_600_000 });
    const { taskId } = await performed(wire, "Run", sql);
    await wire.advance(30 * 60_000 - 1);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Processing" });
    await wire.advance(1);
    expect(await statusOf(wire, taskId)).toMatchObject({
      Status: "Error",
      ErrorMsg: expect.stringMatching(/timeout/i),
    });
  });

  test("runs of different queries execute side by side; of one query one after another", async () => {
    const one = await performed(wire, "One", sql);
    await performed(wire, "Two", sql);
    await wire.soap(perform(`<ObjectID>${one.queryId}</ObjectID>`));
    await wire.advance(2000);
    expect((await events()).filter((it) => it["event"] === "done")).toHaveLength(2);
    await wire.advance(2000);
    expect((await events()).filter((it) => it["event"] === "applied").map((it) => it["targetKey"])).toEqual([
      "One",
      "Two",
      "One",
    ]);
  });

  test("a target deleted while the query runs makes it fail", async () => {
    const { taskId } = await performed(wire, "Run", sql);
    await wire.soap(write("Delete", "DataExtension", "<CustomerKey>Run</CustomerKey>"));
    await wire.advance(2000);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Error", ErrorMsg: "Invalid object name 'Run'." });
  });

  test("1.3: the status row is not there for another business unit", async () => {
    const { taskId } = await performed(wire, "Run", sql);
    const token = await wire.token(7000011);
    const text = `<RetrieveRequestMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><RetrieveRequest><ObjectType>AsyncActivityStatus</ObjectType><Properties>Status</Properties><Filter xsi:type="SimpleFilterPart"><Property>TaskID</Property><SimpleOperator>equals</SimpleOperator><Value>${taskId}</Value></Filter></RetrieveRequest></RetrieveRequestMsg>`;
    expect(resultOf(await wire.soap(text, { token }))).toBeUndefined();
  });
});

describe("done in the ledger, DESIGN 7 and 8", () => {
  test.each(["friendly", "realistic"])(
    "%s: the first moment the row says Complete and the rowset answers",
    async (profile) => {
      await behave({ profile, durationMs: 1000 });
      const { taskId } = await performed(wire, "Run", sql);
      const begun = Number((await events())[0]?.["at"]);
      // The rows a status may be missing for are polls, not time.
      for (let poll = 0; poll < 3; poll++) await statusOf(wire, taskId);
      let seenAt: number | undefined;
      for (let ms = 100; seenAt === undefined && ms < 10_000; ms += 100) {
        await wire.advance(100);
        const isComplete = (await statusOf(wire, taskId))?.["Status"] === "Complete";
        if (isComplete && (await rowset("Run")).status === 200) seenAt = begun + ms;
      }
      expect((await events()).find((it) => it["event"] === "done")?.["at"]).toBe(seenAt);
    },
  );

  test("hostile: the query's end, for its rows were there before; an existing target's is the query's end", async () => {
    await behave({ profile: "hostile", durationMs: 1000 });
    await performed(wire, "Run", sql);
    await behave({ profile: "realistic", durationMs: 1000 });
    await wire.soap(write("Create", "DataExtension", aDataExtension("Old", aField("EmailAddress"))));
    await wire.call("POST", "/hub/v1/dataevents/key:Old/rowset", [{ values: { EmailAddress: "a@b.c" } }], {
      authorization,
    });
    await performed(wire, "Old", sql);
    const begun = Number((await events())[0]?.["at"]);
    await wire.advance(10_000);
    const done = (await events()).filter((it) => it["event"] === "done");
    expect(done.map((it) => Number(it["at"]) - begun)).toEqual([1000, 1000]);
  });
});

describe("the switches, MCE 12.1", () => {
  test("statusMissingPolls: no row for so many polls", async () => {
    await behave({ statusMissingPolls: 2 });
    const { taskId } = await performed(wire, "Run", sql);
    expect([await statusOf(wire, taskId), await statusOf(wire, taskId)]).toEqual([undefined, undefined]);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Queued" });
  });

  test("statusStuck: Queued for ever, CompletedDate before the start", async () => {
    await behave({ statusStuck: true });
    const { queryId, taskId } = await performed(wire, "Run", sql);
    const stuck = { Status: "Queued", ErrorMsg: "", CompletedDate: "1/15/2026 11:59:58 AM" };
    expect(await statusOf(wire, taskId)).toMatchObject(stuck);
    await wire.advance(60_000);
    expect(await statusOf(wire, taskId)).toMatchObject(stuck);
    expect([await running(queryId), (await rowset("Run")).json["count"]]).toEqual([false, 3]);
  });

  test("isRunningLateMs: false just after the start, then true, then false", async () => {
    await behave({ isRunningLateMs: 1000 });
    const { queryId } = await performed(wire, "Run", sql);
    const seen = [await running(queryId)];
    for (const step of [999, 1, 1000]) {
      await wire.advance(step);
      seen.push(await running(queryId));
    }
    expect(seen).toEqual([false, false, true, false]);
  });

  test.each([400, 404] as const)(
    "rowsetLateMs: %s for so long after the end; done comes when it answers",
    async (status) => {
      await behave({ rowsetLateMs: 3000, rowsetLateStatus: status });
      const { taskId } = await performed(wire, "Run", sql);
      await wire.advance(4999);
      expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Complete" });
      expect(await rowset("Run")).toMatchObject({
        status,
        json: { message: expect.stringContaining("cannot be retrieved for key") },
      });
      expect((await events()).map((it) => it["event"])).toEqual(["perform", "applied"]);
      await wire.advance(1);
      expect((await rowset("Run")).status).toBe(200);
      const [begun, , done] = await events();
      expect(Number(done?.["at"]) - Number(begun?.["at"])).toBe(5000);
    },
  );

  test("rowsetLateMs spares a data extension that had rows before", async () => {
    await behave({ rowsetLateMs: 3000 });
    await wire.soap(write("Create", "DataExtension", aDataExtension("Run", aField("EmailAddress"))));
    await wire.call("POST", "/hub/v1/dataevents/key:Run/rowset", [{ values: { EmailAddress: "a@b.c" } }], {
      authorization,
    });
    await performed(wire, "Run", sql);
    expect((await rowset("Run")).json["count"]).toBe(1);
    await wire.advance(2000);
    expect((await events()).map((it) => it["event"])).toEqual(["perform", "applied", "done"]);
  });

  test("rowsVisibleEarly: rows can be read before the query ends", async () => {
    await behave({ rowsVisibleEarly: true });
    const { taskId } = await performed(wire, "Run", sql);
    await wire.advance(1000);
    expect([(await rowset("Run")).json["count"], (await statusOf(wire, taskId))?.["Status"]]).toEqual([
      3,
      "Processing",
    ]);
    await wire.advance(1000);
    expect((await events()).filter((it) => it["event"] === "applied")).toHaveLength(1);
  });

  test("errorMsg: the next runs fail with this text, later ones do not", async () => {
    const errorMsg =
      "Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'C7000001.Run'. The duplicate key value is (1).";
    await behave({ errorMsg });
    const first = await performed(wire, "One", sql);
    const second = await performed(wire, "Two", sql);
    await wire.advance(2000);
    expect(await statusOf(wire, first.taskId)).toMatchObject({ Status: "Error", ErrorMsg: errorMsg });
    expect(await statusOf(wire, second.taskId)).toMatchObject({ Status: "Complete" });
  });

  test("deleteStopsQuery: deleting the definition ends its run at once", async () => {
    await behave({ deleteStopsQuery: true });
    const { queryId, taskId } = await performed(wire, "Run", sql);
    await wire.soap(write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`));
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Error" });
  });

  test("secondStart refuse: a running query is not started again", async () => {
    await behave({ secondStart: "refuse" });
    const { queryId } = await performed(wire, "Run", sql);
    expect((await wire.soap(perform(`<ObjectID>${queryId}</ObjectID>`))).body).toMatchObject({
      PerformResponseMsg: { OverallStatus: "Error" },
    });
  });

  test("parallelRuns: the rest waits as Queued", async () => {
    await behave({ parallelRuns: 1 });
    await performed(wire, "One", sql);
    const { taskId } = await performed(wire, "Two", sql);
    await wire.advance(1999);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Queued" });
    await wire.advance(2001);
    expect(await statusOf(wire, taskId)).toMatchObject({ Status: "Complete" });
  });
});
