import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataView, dataViewNames } from "#sql/data-views.ts";
import { audienceViews, enterpriseViews } from "../../sandbox/data/audience.ts";
import { mobileViews } from "../../sandbox/data/mobile-views.ts";
import { programViews } from "../../sandbox/data/programs.ts";
import { rareTrackingViews } from "../../sandbox/data/rare-tracking.ts";
import { trackingViews } from "../../sandbox/data/tracking-views.ts";
import { viewsOfFacts } from "./support/facts-views.ts";
import { openWire, type Wire } from "./support/wire.ts";

const facts = resolve("../shared/mce/FACTS.md");
const views = { ...trackingViews, ...rareTrackingViews, ...audienceViews, ...mobileViews, ...programViews };

let wire: Wire;
beforeAll(async () => {
  wire = await openWire({ rows: 20_000 });
});
afterAll(() => wire.close());

const rows = async (sql: string, mid = 7000001) => {
  const { status, json } = await wire.call("POST", "/sandbox/sql", { sql, mid });
  expect(json, sql).not.toHaveProperty("message");
  expect(status).toBe(200);
  // The control API's contract.
  return json["rows"] as (string | null)[][];
};
const count = async (sql: string, mid?: number) => Number((await rows(sql, mid))[0]?.[0]);

describe.skipIf(!existsSync(facts))("MCE 8.7: every view is there with its columns and types", () => {
  const told = existsSync(facts) ? viewsOfFacts(readFileSync(facts, "utf8")) : { views: {}, bare: [] };

  test("in the sandbox, in the order a star gives them", () => {
    expect(Object.keys(told.views)).toHaveLength(33);
    const listed = Object.entries(told.views).map(([name, columns]) => [
      name,
      columns.map(({ name: column, type, length, scale, isUnlisted }) => [column, type, length, scale, isUnlisted]),
    ]);
    // Behind its one column every account has attributes of its own.
    const builtIn = { ...views, _EnterpriseAttribute: views._EnterpriseAttribute.slice(0, 1) };
    const had = Object.entries(builtIn).map(([name, fields]) => [
      name,
      fields.map((it) => [it.name, it.fieldType, it.maxLength, it.scale, it.isUnlisted === true]),
    ]);
    expect(Object.fromEntries(had)).toEqual(Object.fromEntries(listed));
  });

  test("in the product, with the widest length of all sources", () => {
    expect([...dataViewNames].sort()).toEqual([...Object.keys(told.views), ...told.bare].sort());
    const wrong: string[] = [];
    for (const [name, columns] of Object.entries(told.views)) {
      const known = dataView(name);
      const names = (isUnlisted: boolean) => columns.filter((it) => it.isUnlisted === isUnlisted).map((it) => it.name);
      expect(known?.columns.map((it) => it.name)).toEqual(names(false));
      expect(known?.unlisted.map((it) => it.name)).toEqual(names(true));
      for (const { name: column, type, widest, scale } of columns) {
        const field = [...(known?.columns ?? []), ...(known?.unlisted ?? [])].find((it) => it.name === column);
        const size = field?.precision ?? field?.maxLength;
        const isWide = widest === undefined ? size === undefined : (size ?? 0) >= widest;
        if (field?.fieldType !== type || !isWide || field.scale !== scale)
          wrong.push(`${name}.${column} is ${field?.fieldType}(${size}), not ${type}(${widest})`);
      }
    }
    expect(wrong).toEqual([]);
    expect(told.bare.map((name) => dataView(name))).toEqual(
      told.bare.map(() => ({ columns: [], unlisted: [], isOpen: true })),
    );
  });
});

describe("columns that no star stands for", () => {
  test.each([
    ["_Complaint", 10, "TriggeredSendCustomerKey"],
    ["_Unsubscribe", 10, "TriggererSendDefinitionObjectID"],
    ["_Subscribers", 10, "Locale"],
    ["_SMSMessageTracking", 43, "OptOut"],
    ["_MobileAddress", 20, "_MobileID"],
  ])("a star over %s gives %i columns, %s answers to its name", async (view, total, column) => {
    expect((await rows(`SELECT TOP 1 * FROM ${view}`))[0]).toHaveLength(total);
    expect((await rows(`SELECT TOP 1 v.${column} FROM ${view} v`))[0]).toHaveLength(1);
  });

  test("they make no column of another view ambiguous", async () => {
    const join = "_Sent s JOIN _Complaint c ON c.JobID = s.JobID AND c.SubscriberID = s.SubscriberID";
    await rows(`SELECT TriggeredSendCustomerKey FROM ${join}`);
  });
});

describe("the seed's rows", () => {
  test("every view has rows in every business unit, and can be read whole", async () => {
    const empty: string[] = [];
    for (const mid of [7000001, 7000011, 8000001]) {
      for (const view of Object.keys(views)) {
        const isElsewhere = mid === 7000011 && enterpriseViews.has(view);
        const name = isElsewhere ? `Ent.${view}` : view;
        if ((await rows(`SELECT TOP 3 * FROM ${name}`, mid)).length === 0) empty.push(`${mid} ${view}`);
      }
    }
    // A coupon set of three, a complaint in 250 opens: small views may be empty in a small unit, none may be everywhere.
    expect(empty.filter((it) => it.startsWith("7000001"))).toEqual([]);
  });

  test.each([
    ["an open without its send", "_Open", "o.EventDate < s.EventDate OR s.JobID IS NULL"],
    ["a click without its send", "_Click", "o.EventDate < s.EventDate OR s.JobID IS NULL"],
    ["a bounce without its send", "_Bounce", "o.EventDate < s.EventDate OR s.JobID IS NULL"],
    ["an unsubscribe without its send", "_Unsubscribe", "o.EventDate < s.EventDate OR s.JobID IS NULL"],
    ["a survey answer without its send", "_SurveyResponse", "o.EventDate < s.EventDate OR s.JobID IS NULL"],
  ])("there is no %s", async (_, view, wrong) => {
    const on =
      "s.JobID = o.JobID AND s.SubscriberID = o.SubscriberID AND s.BatchID = o.BatchID AND s.ListID = o.ListID";
    expect(await count(`SELECT COUNT(*) AS N FROM ${view} o LEFT JOIN _Sent s ON ${on} WHERE ${wrong}`)).toBe(0);
  });

  test.each([
    [
      "a sent row to nobody",
      "_Sent o LEFT JOIN _Subscribers s ON s.SubscriberKey = o.SubscriberKey WHERE s.SubscriberID IS NULL",
    ],
    // The parent sees its children's sends, but not their jobs.
    [
      "a sent row of no job",
      "_Sent o LEFT JOIN _Job j ON j.JobID = o.JobID WHERE j.JobID IS NULL AND o.AccountID = 7000001",
    ],
    [
      "an order of no customer",
      "Orders o LEFT JOIN Customers c ON c.CustomerKey = o.CustomerKey WHERE c.CustomerKey IS NULL",
    ],
    [
      "an activity of no journey",
      "_JourneyActivity a LEFT JOIN _Journey j ON j.VersionID = a.VersionID WHERE j.VersionID IS NULL",
    ],
    [
      "a step of no automation",
      "_AutomationActivityInstance a LEFT JOIN _AutomationInstance i ON i.AutomationInstanceID = a.AutomationInstanceID WHERE i.AutomationInstanceID IS NULL",
    ],
    [
      "a message to an unknown number",
      "_SMSMessageTracking m LEFT JOIN _MobileAddress a ON a._MobileNumber = m.Mobile WHERE a._MobileID IS NULL",
    ],
    ["a tag of no device", "_PushTag t LEFT JOIN _PushAddress a ON a._DeviceID = t._DeviceID WHERE a._APID IS NULL"],
    ["a date in the future", "_Sent WHERE EventDate > GETDATE()"],
    ["a disposition older than a week", "_ReconcilableDispositionView WHERE StartTime < DATEADD(DAY, -7, GETDATE())"],
  ])("there is no %s", async (_, from) => {
    expect(await count(`SELECT COUNT(*) AS N FROM ${from}`)).toBe(0);
  });

  test("they are the same at every start, and other ones in another business unit", async () => {
    const other = await openWire({ rows: 20_000 });
    const sql = "SELECT TOP 50 SubscriberKey, EventDate, JobID FROM _Click ORDER BY EventDate, SubscriberKey";
    const again = (await other.call("POST", "/sandbox/sql", { sql })).json["rows"];
    expect(again).toEqual(await rows(sql));
    expect(again).not.toEqual(await rows(sql, 7000011));
    await other.close();
  });
});

describe("awkward data extensions", () => {
  test.each([
    ["Big List", 100_000],
    ["No Rows", 0],
    ["order.v2", 12],
    ["6E5B0F0A-93C1-4E58-8D7A-2D6B7F1A9C11", 60],
    ["Kündigungen Österreich", 4],
    ["customers-jp", 5],
  ])("%s answers its rowset: %i rows", async (key, total) => {
    const path = `/data/v1/customobjectdata/key/${encodeURIComponent(key)}/rowset?$pageSize=1`;
    const answer = await wire.call("GET", path, undefined, { authorization: `Bearer ${await wire.token()}` });
    expect([answer.status, answer.json["count"]]).toEqual([200, total]);
  });

  test("every field type comes back with its extremes", async () => {
    const authorization = `Bearer ${await wire.token()}`;
    const path = "/data/v1/customobjectdata/key/All%20Types/rowset?$orderBy=Id&$pageSize=3";
    const { json } = await wire.call("GET", path, undefined, { authorization });
    expect(json["items"]).toMatchObject([
      {
        keys: { id: "1" },
        values: {
          whole: "-2147483648",
          exact: "-9999999999999999.99",
          moment: "1/1/1753 12:00:00 AM",
          flag: "False",
          mail: "",
        },
      },
      {
        keys: { id: "2" },
        values: { wide: "9".repeat(38), moment: "12/31/9999 11:59:59 PM", flag: "True", language: "en-US" },
      },
      { keys: { id: "3" }, values: { short: "", whole: "", flag: "", moment: "" } },
    ]);
  });

  test("names that need brackets can be queried", async () => {
    expect(await rows("SELECT [Select], [From], [Order] FROM [Order] WHERE [Select] = 1")).toEqual([
      ["1", "row 1", "12"],
    ]);
    expect(
      await rows(
        "SELECT [Unit.Price] AS P, [What's New] AS W FROM [Order Items & More - 2024] WHERE [Order ID] = 1 AND [Line-No] = 2",
      ),
    ).toEqual([["1.99", "it's new"]]);
    expect(await rows("SELECT [名前] AS N FROM [顧客] WHERE [番号] = 2")).toEqual([["鈴木"]]);
  });
});
