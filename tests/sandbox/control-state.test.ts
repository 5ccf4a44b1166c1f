import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWire, type Wire } from "./support/wire.ts";
import {
  aDataExtension,
  aField,
  perform,
  performed,
  resultOf,
  retrieve,
  statusOf,
  where,
  write,
} from "./support/wire-messages.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
  await wire.token();
});
beforeEach(async () => {
  await wire.call("POST", "/sandbox/reset");
});
afterAll(() => wire.close());

/** Three rows, whatever the seed holds. */
const sql = "SELECT 'a@b.c' AS EmailAddress UNION ALL SELECT 'b@b.c' UNION ALL SELECT 'c@b.c'";

describe("GET /sandbox/state", () => {
  test("shows folders, data extensions, queries and tasks by the names of DESIGN section 8", async () => {
    const { queryId, taskId } = await performed(wire, "Run", sql);
    const before = (await wire.call("GET", "/sandbox/state")).json;
    expect(Object.keys(before)).toEqual(["now", "folders", "dataExtensions", "queries", "tasks"]);
    expect(before["folders"]).toContainEqual(
      expect.objectContaining({ id: 4711, name: "Data Extensions", contentType: "dataextension", mid: 7000001 }),
    );
    expect(before["dataExtensions"]).toContainEqual({
      key: "Run",
      name: "Run",
      folderId: 4711,
      mid: 7000001,
      rows: 0,
      createdAt: expect.any(Number),
    });
    expect(before["queries"]).toEqual([
      {
        objectId: queryId,
        key: "Q_Run",
        name: "Q_Run",
        folderId: 4712,
        mid: 7000001,
        status: "Active",
        createdAt: expect.any(Number),
      },
    ]);
    const task = { taskId: Number(taskId), queryKey: "Q_Run", mid: 7000001, startedAt: expect.any(Number) };
    expect(before["tasks"]).toEqual([{ ...task, state: "queued" }]);
    await wire.advance(2000);
    const after = (await wire.call("GET", "/sandbox/state")).json;
    expect(after["tasks"]).toEqual([{ ...task, state: "complete", doneAt: expect.any(Number) }]);
    expect(after["dataExtensions"]).toContainEqual(expect.objectContaining({ key: "Run", rows: 3 }));
  });
});

describe("GET /sandbox/ledger", () => {
  test("names calls as DESIGN section 8 does, with mid and HTTP status", async () => {
    const { queryId, taskId } = await performed(wire, "Run", sql);
    const authorization = `Bearer ${await wire.token()}`;
    await statusOf(wire, taskId);
    await wire.call("GET", "/data/v1/customobjectdata/key/Run/rowset", undefined, { authorization });
    await wire.call("GET", `/automation/v1/queries/${queryId}/actions/isrunning/`, undefined, { authorization });
    await wire.call("POST", "/automation/v1/queries/actions/validate/", { Text: sql }, { authorization });
    await wire.soap(write("Delete", "QueryDefinition", `<ObjectID>${queryId}</ObjectID>`));
    await wire.call("POST", "/v2/token", {});
    const calls = (await wire.ledger()).filter((it) => it["event"] === "call");
    expect(calls.map((it) => [it["call"], it["mid"], it["httpStatus"]])).toEqual([
      ["SOAP Create DataExtension", 7000001, 200],
      ["SOAP Create QueryDefinition", 7000001, 200],
      ["SOAP Perform", 7000001, 200],
      ["SOAP Retrieve AsyncActivityStatus", 7000001, 200],
      ["REST rowset", 7000001, 404],
      ["REST isrunning", 7000001, 200],
      ["REST validate", 7000001, 200],
      ["SOAP Delete QueryDefinition", 7000001, 200],
      ["AUTH token", undefined, 401],
    ]);
  });

  test("has the keys that a call names, in its path, its objects or its filter", async () => {
    const { taskId } = await performed(wire, "Run", sql);
    const authorization = `Bearer ${await wire.token()}`;
    await statusOf(wire, taskId);
    await wire.call("GET", "/data/v1/customobjectdata/key/Run/rowset", undefined, { authorization });
    await wire.soap(retrieve("DataExtension", ["Name"], where("CustomerKey", "equals", "Run")));
    await wire.call("POST", "/automation/v1/queries", { name: "Q", key: "Made" }, { authorization });
    const calls = (await wire.ledger()).filter((it) => it["event"] === "call");
    expect(calls.map((it) => it["keys"])).toEqual([
      ["Run"],
      ["Q_Run", "Run"],
      undefined,
      undefined,
      ["Run"],
      ["Run"],
      ["Made"],
    ]);
  });

  test("seq counts from 1 without gaps; after leaves out what was seen", async () => {
    await performed(wire, "Run", sql);
    const seqs = (await wire.ledger()).map((it) => it["seq"]);
    expect(seqs).toEqual([1, 2, 3, 4]);
    const rest = (await wire.call("GET", "/sandbox/ledger?after=3")).json["entries"];
    expect(rest).toEqual([expect.objectContaining({ seq: 4 })]);
  });
});

describe("POST /sandbox/behaviours", () => {
  test("an unknown switch is 400 and the known ones are listed", async () => {
    const answer = await wire.call("POST", "/sandbox/behaviours", { statusMising: 1 });
    expect(answer).toMatchObject({
      status: 400,
      json: { error: expect.stringMatching(/statusMising.*durationMs.*statusMissingPolls.*rowsetLateMs/) },
    });
  });

  test.each([
    ["a wrong type", { durationMs: "fast" }],
    ["an unknown profile", { profile: "angry" }],
    ["no JSON", "{"],
    ["a list", []],
  ])("%s is 400 and changes nothing", async (_, body) => {
    const before = await wire.call("GET", "/sandbox/behaviours");
    expect((await wire.call("POST", "/sandbox/behaviours", body)).status).toBe(400);
    expect((await wire.call("GET", "/sandbox/behaviours")).json).toEqual(before.json);
  });

  test("a profile sets all switches, then the ones given with it", async () => {
    const answer = await wire.call("POST", "/sandbox/behaviours", { profile: "hostile", durationMs: 7 });
    expect(answer.json).toMatchObject({ durationMs: 7, statusStuck: true, rowsetLateStatus: 400 });
    expect((await wire.call("POST", "/sandbox/behaviours", { profile: "friendly" })).json).toMatchObject({
      durationMs: null,
      statusStuck: false,
    });
  });
});

describe("POST /sandbox/clock", () => {
  test("offsetMs is the distance from real time; said twice it moves once", async () => {
    const { json } = await wire.call("POST", "/sandbox/clock", { offsetMs: 0 });
    for (let time = 0; time < 2; time++) {
      expect((await wire.call("POST", "/sandbox/clock", { offsetMs: 5000 })).json["now"]).toBe(
        Number(json["now"]) + 5000,
      );
    }
  });

  test("speed makes real milliseconds longer; a speed of 0 is refused", async () => {
    const real = await openWire({ now: Date.now, durationMs: 3_600_000, rows: 2000 });
    await real.call("POST", "/sandbox/behaviours", { tokenLifeMs: 86_400_000 });
    const { taskId } = await performed(real, "Run", sql);
    expect((await real.call("POST", "/sandbox/clock", { speed: 0 })).status).toBe(400);
    await real.call("POST", "/sandbox/clock", { speed: 100_000 });
    await expect.poll(async () => (await statusOf(real, taskId))?.["Status"]).toBe("Error");
    await real.close();
  });
});

test("POST /sandbox/age makes assets older, and leaves the clock alone", async () => {
  await performed(wire, "Run", sql);
  const before = (await wire.call("GET", "/sandbox/state")).json;
  expect((await wire.call("POST", "/sandbox/age", { ms: 0 })).status).toBe(400);
  expect((await wire.call("POST", "/sandbox/age", { ms: 60_000 })).status).toBe(200);
  const after = (await wire.call("GET", "/sandbox/state")).json;
  const dates = (kept: unknown) => (kept as { createdAt: number }[]).map(({ createdAt }) => createdAt);
  for (const kind of ["dataExtensions", "queries"]) {
    expect(dates(after[kind])).toEqual(dates(before[kind]).map((at) => at - 60_000));
  }
  expect(after["now"]).toBe(before["now"]);
});

describe("POST /sandbox/tokens", () => {
  test.each([
    ["expire", "Token Expired"],
    ["revoke", "Login Failed"],
  ])("%s: tokens of the client in use answer %s, those of others are good", async (action, text) => {
    const token = await wire.token(8000001, "b", action === "expire" ? "offline" : "offline automations_read");
    await wire.call("POST", "/sandbox/tokens", { action, clientId: "sandbox-client-b" });
    const probe = await wire.soap(perform("<ObjectID>x</ObjectID>"), { token });
    const other = await wire.soap(perform("<ObjectID>x</ObjectID>"));
    expect([probe.status, probe.text.includes(text), other.status]).toEqual([500, true, 200]);
  });
});

describe("POST /sandbox/reset", () => {
  test("data, assets, ledger, faults, behaviours and clock are as at the start; tokens stay good", async () => {
    const state = async () => (await wire.call("GET", "/sandbox/state")).json;
    const fresh = await state();
    await performed(wire, "Run", sql);
    await wire.call("POST", "/sandbox/behaviours", { durationMs: 1 });
    await wire.call("POST", "/sandbox/faults", [{ call: "SOAP Perform", status: 500 }]);
    await wire.advance(60_000);
    expect((await wire.call("POST", "/sandbox/reset")).status).toBe(200);
    expect(await state()).toEqual(fresh);
    expect(await wire.ledger()).toEqual([]);
    expect((await wire.call("GET", "/sandbox/faults")).text).toBe("[]");
    expect((await wire.call("GET", "/sandbox/behaviours")).json["durationMs"]).toBe(2000);
    expect(
      resultOf(await wire.soap(write("Create", "DataExtension", aDataExtension("New", aField("A")))))["StatusCode"],
    ).toBe("OK");
  });
});

describe("POST /sandbox/sql", () => {
  test("answers columns and rows of a SELECT at once", async () => {
    const { status, json } = await wire.call("POST", "/sandbox/sql", {
      sql: "SELECT COUNT(*) AS N FROM Customers",
      mid: 7000011,
    });
    expect(status).toBe(200);
    expect(json).toEqual({ columns: [{ name: "N" }], rows: [[expect.stringMatching(/^[1-9]\d*$/)]] });
  });

  test("runs a text as SQL Server would, without MCE's own rules", async () => {
    const sql = "WITH c AS (SELECT CustomerKey AS k FROM Customers) SELECT COUNT(*), MIN(k) FROM c ORDER BY 1";
    const asServer = await wire.call("POST", "/sandbox/sql", { sql, mid: 7000011, as: "server" });
    expect([asServer.status, asServer.json["columns"]]).toEqual([200, [{ name: "" }, { name: "" }]]);
    expect((await wire.call("POST", "/sandbox/sql", { sql, mid: 7000011 })).status).toBe(400);
  });

  test.each([
    ["bad SQL", { sql: "SELECT Nope FROM Customers" }],
    ["an unknown business unit", { sql: "SELECT 1 AS A", mid: 5 }],
    ["no SQL", {}],
  ])("%s is 400 with a message", async (_, body) => {
    const answer = await wire.call("POST", "/sandbox/sql", body);
    expect([answer.status, String(answer.json["message"] ?? answer.json["error"]).length > 5]).toEqual([400, true]);
  });
});

test("an unknown call of the control API is 404, a body over 5 MB 413", async () => {
  expect((await wire.call("GET", "/sandbox/nothing")).status).toBe(404);
  expect((await wire.call("POST", "/sandbox/sql", "x".repeat(5_000_001))).status).toBe(413);
});
