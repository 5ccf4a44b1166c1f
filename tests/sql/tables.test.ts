import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { dataView, dataViewNames } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { tablesOf } from "#sql/infer.ts";

/** The tables as written in FROM, `!` behind data views. */
function read(sql: string): string[] {
  const answer = tablesOf(sql);
  if (answer.kind === "unknown") return [answer.why];
  return answer.tables.map(({ name, ent, isDataView }) => (ent ? "Ent." : "") + name + (isDataView ? "!" : ""));
}

const reads: [sql: string, tables: string[]][] = [
  ["SELECT 1 AS a", []],
  ["SELECT a FROM T, [My ]]DE] AS m", ["T", "My ]DE"]],
  ["SELECT a FROM t JOIN T ON 1 = 1 JOIN Ent.t x ON 1 = 1", ["t", "Ent.t"]],
  ["SELECT a FROM t WITH (NOLOCK) JOIN u (NOLOCK) ON 1 = 1 JOIN v x (nolock) ON 1 = 1", ["t", "u", "v"]],
  ["SELECT a FROM ent._Subscribers s, _open", ["Ent._Subscribers!", "_open!"]],
  ["SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE EXISTS (SELECT 1 FROM v))", ["t", "u", "v"]],
  ["SELECT (SELECT MAX(a) FROM t) AS m, CASE WHEN 1 = (SELECT 1 FROM u) THEN 1 END AS c", ["t", "u"]],
  ["SELECT a FROM t UNION SELECT b FROM u EXCEPT (SELECT c FROM v)", ["t", "u", "v"]],
  [
    "SELECT a FROM (SELECT a FROM t) x CROSS APPLY (SELECT b FROM u) y OUTER APPLY STRING_SPLIT(x.a, ',') z",
    ["t", "u"],
  ],
  ["SELECT a FROM t LEFT JOIN (u INNER JOIN v ON 1 = 1) ON 1 = 1", ["t", "u", "v"]],
  ["SELECT x FROM (SELECT a, b FROM t) s PIVOT (MAX(b) FOR a IN ([x])) p", ["t"]],
  ["SELECT TOP (SELECT MAX(n) FROM u) a FROM t ORDER BY (SELECT 1 FROM v)", ["t", "u", "v"]],
  [
    "SELECT COUNT(*) OVER (PARTITION BY (SELECT 1 FROM v)) AS n FROM t GROUP BY a HAVING 1 < (SELECT 2 FROM w)",
    ["t", "v", "w"],
  ],
  ["WITH c AS (SELECT a FROM t) SELECT a FROM c JOIN u ON 1 = 1", ["t", "u"]],
];

describe("tablesOf()", () => {
  it.each(reads)("%s", (sql, tables) => expect(read(sql).toSorted()).toEqual(tables.toSorted()));

  it.each(["SELECT 1 AS a; SELECT 2 AS b", "DELETE FROM t", ""])("knows no tables of %j", (sql) =>
    expect(read(sql)).toEqual(["the text is not one SELECT"]),
  );

  it("finds tables by their tokens where the parser gives up, and says so", () => {
    const deep = Array.from({ length: 400 }, (_, index) => `a = ${index}`).join(" OR ");
    expect(
      tablesOf(`SELECT a FROM (t CROSS JOIN Ent.[u v], w) WHERE ${deep} AND b IN (SELECT c FROM _Open (NOLOCK))`),
    ).toEqual({
      kind: "known",
      assumed: true,
      tables: [
        { name: "t", ent: false, isDataView: false },
        { name: "u v", ent: true, isDataView: false },
        { name: "w", ent: false, isDataView: false },
        { name: "_Open", ent: false, isDataView: true },
      ],
    });
  });
});

describe("dataView()", () => {
  it("knows every view of MCE 8.7, and how many columns a star gives", () => {
    expect(
      Object.fromEntries(dataViewNames.map((name) => [name, dataView(name.toUpperCase())?.columns.length])),
    ).toEqual({
      _Subscribers: 10,
      _EnterpriseAttribute: 1,
      _ListSubscribers: 12,
      _BusinessUnitUnsubscribes: 5,
      _Job: 37,
      _Sent: 11,
      _Open: 12,
      _Click: 15,
      _Bounce: 22,
      _Complaint: 10,
      _Unsubscribe: 10,
      _Journey: 8,
      _JourneyActivity: 6,
      _AutomationInstance: 17,
      _AutomationActivityInstance: 14,
      _MobileAddress: 20,
      _SMSSubscriptionLog: 14,
      _SMSMessageTracking: 43,
      _UndeliverableSMS: 5,
      _FTAF: 12,
      _SurveyResponse: 19,
      _Coupon: 5,
      _SocialNetworkImpressions: 15,
      _SocialNetworkTracking: 19,
      _MobileLineAddressContactSubscriptionView: 7,
      _MobileLineOrphanContactView: 4,
      _PushAddress: 35,
      _PushTag: 7,
      _ChatMessagingSubscription: 15,
      _MobileSubscription: 14,
      _MobileAddressApplication: 5,
      _ReconcilableDispositionView: 10,
      _SubscriberSMS: 10,
      _MobileLineAddress: 0,
      _MobileLineAddressContact: 0,
      _MobileLineProfile: 0,
      _MobileLineProfileAttribute: 0,
      _MobileLineSubscription: 0,
      MobileLineOrphanContact: 0,
      _PublicationSubscriber: 0,
    });
  });

  const field = (view: string, column: string): unknown =>
    [...(dataView(view)?.columns ?? []), ...(dataView(view)?.unlisted ?? [])].find(({ name }) => name === column);

  it("takes the widest where references disagree", () => {
    expect(field("_Job", "CharacterSet")).toEqual({ name: "CharacterSet", fieldType: "Text", maxLength: 50 });
    expect(field("_Job", "SendType")).toEqual({ name: "SendType", fieldType: "Text", maxLength: 128 });
    const email = { name: "EmailAddress", fieldType: "EmailAddress", maxLength: 254 };
    expect(field("_Subscribers", "EmailAddress")).toEqual(email);
    expect(field("_MobileAddress", "_UTCOffset")).toMatchObject({ fieldType: "Decimal", precision: 4, scale: 2 });
  });

  it.each([
    ["_Click", "LinkContent"],
    ["_Bounce", "SMTPBounceReason"],
    ["_Job", "DynamicEmailSubject"],
    ["_SMSMessageTracking", "MessageText"],
    ["_Subscribers", "Locale"],
  ])("leaves a text unbounded whose length no source states: %s.%s", (view, column) => {
    expect(field(view, column)).toEqual({ name: column, fieldType: "Text" });
    expect(check(`SELECT TOP 1 ${column} FROM ${view}`, () => undefined).columns).toEqual([
      { name: column, fieldType: "Text" },
    ]);
  });

  it("knows no other names", () => expect(dataView("Sent")).toBeUndefined());
});

describe("columns of data views", () => {
  const names = (sql: string, fieldsOf: (table: TableRef) => readonly TableField[] | undefined = () => undefined) => {
    const { columns, diagnostics } = check(sql, fieldsOf);
    return { names: columns.map(({ name }) => name), codes: diagnostics.map(({ code }) => code) };
  };

  it("leaves an unlisted column out of a star, and takes it by its name", () => {
    expect(names("SELECT * FROM _Complaint").names).toHaveLength(10);
    const named = "SELECT TriggeredSendCustomerKey, c.TriggererSendDefinitionObjectID FROM _Complaint c";
    expect(names(named)).toEqual({
      names: ["TriggeredSendCustomerKey", "TriggererSendDefinitionObjectID"],
      codes: [],
    });
  });

  it("lets an unlisted column make no other one ambiguous", () => {
    const on = "c.JobID = s.JobID AND c.SubscriberID = s.SubscriberID";
    const sent = `SELECT TriggeredSendCustomerKey FROM _Complaint c JOIN _Sent s ON ${on}`;
    expect(names(sent)).toEqual({ names: ["TriggeredSendCustomerKey"], codes: [] });
    const people = () => [{ name: "Locale", fieldType: "Locale" as const }];
    expect(check("SELECT Locale FROM _Subscribers s, People p", people).columns).toEqual([
      { name: "Locale", fieldType: "Text", maxLength: 5 },
    ]);
    // Many tables are looked up another way.
    const many = Array.from({ length: 9 }, (_, n) => `_Complaint c${n}`).join(", ");
    const list = ["EventID", "EmailID", "FromName", "FromEmail", "SchedTime", "JobType", "SendType", "EmailName"];
    expect(names(`SELECT ${list.join(", ")}, TriggeredSendCustomerKey FROM ${many}, _Job j`).codes).not.toContain(
      "AMBIGUOUS_COLUMN",
    );
  });

  it("takes the columns MCE tells of a view; those it does not tell answer to their names", () => {
    const told = (): TableField[] => [
      { name: "_ContactID", fieldType: "Number" },
      { name: "_MobileNumber", fieldType: "Text", maxLength: 15 },
      { name: "SFContactID", fieldType: "Text", maxLength: 18 },
    ];
    expect(check("SELECT * FROM _MobileAddress", told).columns).toEqual([
      { name: "_ContactID", fieldType: "Number" },
      { name: "_MobileNumber", fieldType: "Text", maxLength: 15 },
      { name: "SFContactID", fieldType: "Text", maxLength: 18 },
    ]);
    expect(names("SELECT _City FROM _MobileAddress", told).codes).toEqual([]);
    expect(names("SELECT * FROM _MobileAddressApplication", () => []).names).toHaveLength(5);
  });

  it("checks no column and writes out no star where only a view's name is known", () => {
    expect(names("SELECT Whatever FROM _PublicationSubscriber").codes).toEqual([]);
    expect(names("SELECT * FROM _PublicationSubscriber").codes).toEqual(["STAR_UNKNOWN"]);
    const told = () => [{ name: "AddressId", fieldType: "Text" as const, maxLength: 100 }];
    expect(names("SELECT * FROM _MobileLineProfile", told).names).toEqual(["AddressId"]);
  });
});
