import { describe, expect, it } from "vitest";
import type { CheckContext } from "#sql/check.ts";
import { rowHints } from "#sql/row-hints.ts";
import { codes, first, hints, now } from "./support/hints.ts";

const child: CheckContext = { now, isChild: true };

describe("data views read beyond their reach", () => {
  const nothing: [where: string, view?: string][] = [
    ["EventDate < DATEADD(month,-12,GETDATE())"],
    ["EventDate < DATEADD(MONTH, -6, GETDATE())"],
    ["DATEADD(yy, -1, GETUTCDATE()) >= o.EventDate"],
    ["EventDate <= GETDATE() - 365"],
    ["EventDate BETWEEN '2024-01-01' AND '2024-12-31'"],
    ["CAST(EventDate AS DATE) = '20250301'"],
    ["CONVERT(VARCHAR(10), EventDate, 120) < '2025-03-01'"],
    ["EventDate < 'Mar 1 2025'"],
    ["EventDate < '3/1/2025 10:00 AM'"],
    ["YEAR(EventDate) = 2025"],
    ["DATEPART(yyyy, EventDate) < YEAR(GETDATE())-1"],
    ["DATEDIFF(DAY, EventDate, GETDATE()) > 365"],
    ["DATEDIFF(month, EventDate, GETDATE()) > 6"],
    ["DATEDIFF(month, EventDate, GETDATE()) >= 7"],
    ["DATEDIFF(month, GETDATE(), EventDate) < -12"],
    ["DATEDIFF(year, EventDate, GETDATE()) = 2"],
    ["DATEDIFF(day, EventDate, GETDATE()) BETWEEN 200 AND 400"],
    ["DATEADD(day, 365, EventDate) < GETDATE()"],
    ["EventDate < EOMONTH(DATEADD(month, -9, GETDATE()))"],
    ["EventDate < DATEADD(month, DATEDIFF(month, 0, GETDATE()) - 9, 0)"],
    ["EventDate < DATEFROMPARTS(YEAR(GETDATE()) - 1, 1, 1)"],
    ["o.SchedTime < DATEADD(year, -1, GETDATE())", "_Job"],
    ["TransactionTime < DATEADD(year, -1, GETDATE())", "_FTAF"],
    ["AutomationInstanceStartTime_UTC < DATEADD(day, -40, GETUTCDATE())", "_AutomationInstance"],
    ["ActivityInstanceEndTime_UTC < '2026-10-01'", "_AutomationActivityInstance"],
    ["StartTime < DATEADD(day, -8, GETDATE())", "_ReconcilableDispositionView"],
  ];
  it.each(nothing)("says that no row is as old as WHERE %s", (where, view = "_Open") => {
    const [hint, ...others] = hints(`SELECT 1 AS a FROM ${view} o WHERE ${where}`);
    expect(others).toEqual([]);
    expect(hint).toMatchObject({ code: "VIEW_REACH", severity: "warning" });
    expect(hint?.message).toMatch(new RegExp(`^${view} goes back (6 months|31 days|7 days): it has no row as old`));
  });

  const less: [where: string, view?: string][] = [
    ["EventDate >= DATEADD(month,-12,GETDATE())"],
    ["EventDate > '2025-01-01'"],
    ["YEAR(EventDate) = 2026"],
    ["YEAR(EventDate) >= 2025"],
    ["EventDate BETWEEN DATEADD(day, -400, GETDATE()) AND GETDATE()"],
    ["DATEDIFF(month, EventDate, GETDATE()) <= 12"],
    ["EventDate > CAST(GETDATE() - 365 AS DATE)"],
    ["AutomationInstanceScheduledTime_UTC > DATEADD(day, -90, GETUTCDATE())", "_AutomationInstance"],
  ];
  it.each(less)("says that older rows are missing from WHERE %s", (where, view = "_Click") => {
    const hint = first(`SELECT 1 AS a FROM ${view} WHERE ${where}`);
    expect(hint).toMatchObject({ code: "VIEW_REACH", severity: "warning", line: 1 });
    expect(hint?.message).toContain("the older rows this asks for are missing");
    expect(hint?.fix).toContain(`a Data Extension of your own, filled from ${view} in time`);
  });

  it.each([
    [
      "the ON of an outer join",
      "SELECT 1 AS a FROM _Sent s LEFT JOIN _Open o ON o.JobID = s.JobID AND o.SubscriberID = s.SubscriberID AND o.EventDate > DATEADD(year, -1, GETDATE())",
    ],
    [
      "the subquery of a NOT IN",
      "SELECT Id FROM People WHERE Name NOT IN (SELECT SubscriberKey FROM _Open WHERE EventDate > DATEADD(month, -12, GETDATE()))",
    ],
    [
      "a CASE of the select list",
      "SELECT SUM(CASE WHEN EventDate > DATEADD(month, -12, GETDATE()) THEN 1 ELSE 0 END) AS n FROM _Open",
    ],
    [
      "a derived table that counts a parent's view",
      "SELECT x.n FROM (SELECT COUNT(*) AS n FROM Ent._Open WHERE EventDate < '2020-01-01') x",
    ],
    ["a branch of OR", "SELECT 1 AS a FROM _Open WHERE IsUnique = 1 AND (EventDate < '2020-01-01' OR JobID = 1)"],
    [
      "the WHERE around a derived table, by another name",
      "SELECT x.SubscriberKey FROM (SELECT SubscriberKey, EventDate AS Opened FROM _Open) x WHERE x.Opened < DATEADD(year, -1, GETDATE())",
    ],
    [
      "the WHERE around a derived table, behind MAX",
      "SELECT SubscriberKey FROM (SELECT SubscriberKey, MAX(EventDate) AS LastOpen FROM _Open GROUP BY SubscriberKey) x WHERE LastOpen < DATEADD(year, -1, GETDATE())",
    ],
    [
      "the WHERE around two stars",
      "SELECT x.JobID FROM (SELECT y.* FROM (SELECT * FROM _Open) y) x WHERE x.EventDate < '2020-01-01'",
    ],
    [
      "a HAVING",
      "SELECT SubscriberKey FROM _Open GROUP BY SubscriberKey HAVING MAX(EventDate) < DATEADD(month, -12, GETDATE())",
    ],
  ])("finds it in %s", (_, sql) => expect(codes(sql)).toEqual(["VIEW_REACH"]));

  it.each([
    ["the last 6 months", "SELECT 1 AS a FROM _Open WHERE EventDate >= DATEADD(month, -6, GETDATE())"],
    ["the last 180 days", "SELECT 1 AS a FROM _Open WHERE EventDate > DATEADD(day, -180, GETDATE())"],
    ["what is older than 90 days", "SELECT 1 AS a FROM _Open WHERE EventDate < DATEADD(day, -90, GETDATE())"],
    ["the last 30 days by DATEDIFF", "SELECT 1 AS a FROM _Open WHERE DATEDIFF(DAY, EventDate, GETDATE()) <= 30"],
    [
      "0 to 6 months by DATEDIFF",
      "SELECT 1 AS a FROM _Open WHERE DATEDIFF(MONTH, EventDate, GETDATE()) BETWEEN 0 AND 6",
    ],
    ["6 months and more by DATEDIFF", "SELECT 1 AS a FROM _Open WHERE DATEDIFF(MONTH, EventDate, GETDATE()) >= 6"],
    ["today by DATEDIFF", "SELECT 1 AS a FROM _Open WHERE DATEDIFF(DAY, EventDate, GETDATE()) = 0"],
    // No date to T-SQL either.
    ["a text that is no date", "SELECT 1 AS a FROM _Open WHERE EventDate < '31/12/2024'"],
    [
      "what is not in 2020",
      "SELECT 1 AS a FROM _Open WHERE YEAR(EventDate) <> 2020 AND EventDate NOT BETWEEN '2020-01-01' AND '2020-12-31'",
    ],
    ["a view of subscribers", "SELECT 1 AS a FROM _Subscribers WHERE DateJoined < '2015-01-01'"],
    ["a view of SMS", "SELECT 1 AS a FROM _SMSMessageTracking WHERE CreateDateTime < '2015-01-01'"],
    ["a view of journeys", "SELECT 1 AS a FROM _Journey WHERE CreatedDate < '2015-01-01'"],
    ["another date of _Job", "SELECT 1 AS a FROM _Job WHERE CreatedDate < '2015-01-01'"],
    [
      "the last 31 days of _AutomationInstance",
      "SELECT 1 AS a FROM _AutomationInstance WHERE AutomationInstanceStartTime_UTC > DATEADD(day, -31, GETUTCDATE())",
    ],
    ["a date of a Data Extension", "SELECT 1 AS a FROM People WHERE Born < '2015-01-01'"],
    [
      "a date that may come from a Data Extension",
      "SELECT x.d FROM (SELECT ISNULL(MAX(o.EventDate), p.Born) AS d FROM People p LEFT JOIN _Open o ON o.SubscriberKey = p.Name GROUP BY p.Born) x WHERE x.d < '2015-01-01'",
    ],
    [
      "a Data Extension joined with a view",
      "SELECT 1 AS a FROM _Open o JOIN People p ON p.Name = o.SubscriberKey WHERE p.Born < '2015-01-01'",
    ],
    [
      "dates of two views compared",
      "SELECT 1 AS a FROM _Open o, _Sent s WHERE o.JobID = s.JobID AND o.SubscriberID = s.SubscriberID AND o.EventDate > s.EventDate",
    ],
  ])("says nothing of %s", (_, sql) => expect(codes(sql)).toEqual([]));

  it("says nothing when it does not know the time", () =>
    expect(codes("SELECT 1 AS a FROM _Open WHERE EventDate < '2015-01-01'", {})).toEqual([]));
});

describe("views of the parent", () => {
  it.each(["_Subscribers", "_EnterpriseAttribute", "_BusinessUnitUnsubscribes", "[_SUBSCRIBERS]"])(
    "a child is told to write Ent. before %s",
    (view) => {
      const hint = first(`SELECT TOP 1 1 AS a FROM ${view} s`, child);
      expect(hint).toMatchObject({ code: "VIEW_NEEDS_ENT", severity: "warning", line: 1, column: 26 });
      expect(hint?.fix).toBe(`Write Ent.${view.replaceAll(/[[\]]/g, "")}`);
    },
  );

  it.each([
    ["SELECT 1 AS a FROM Ent._Subscribers", child],
    ["SELECT 1 AS a FROM _ListSubscribers", child],
    ["SELECT 1 AS a FROM _Subscribers", { now, isChild: false }],
    ["SELECT 1 AS a FROM _Subscribers", { now }],
  ])("says nothing of %s", (sql, context) => expect(codes(sql, context)).toEqual([]));
});

describe("columns a data view lacks", () => {
  it.each([
    [
      "SELECT c.EmailAddress FROM _Click c",
      "_Subscribers has EmailAddress: JOIN _Subscribers AS subscribers ON subscribers.SubscriberID = c.SubscriberID",
    ],
    [
      "SELECT Email FROM _Open",
      "_Subscribers has EmailAddress: JOIN _Subscribers AS subscribers ON subscribers.SubscriberID = _Open.SubscriberID",
    ],
    ["SELECT s.EmailName FROM _Sent s", "_Job has EmailName: JOIN _Job AS job ON job.JobID = s.JobID"],
    [
      "SELECT Status FROM _Sent",
      "_Subscribers has Status: JOIN _Subscribers AS subscribers ON subscribers.SubscriberID = _Sent.SubscriberID",
    ],
    [
      "SELECT s.URL FROM _Sent s",
      "_Click has URL: JOIN _Click AS click ON click.JobID = s.JobID AND click.ListID = s.ListID AND click.BatchID = s.BatchID AND click.SubscriberID = s.SubscriberID",
    ],
    ["SELECT SubscriberKey FROM _Job", "_Sent has SubscriberKey: JOIN _Sent AS sent ON sent.JobID = _Job.JobID"],
    [
      "SELECT a.JourneyName FROM _JourneyActivity a",
      "_Journey has JourneyName: JOIN _Journey AS journey ON journey.VersionID = a.VersionID",
    ],
    ["SELECT o.EmailName FROM _Open o JOIN _Job j ON j.JobID = o.JobID", "_Job has it: write j.EmailName"],
    ["SELECT o.EventDat FROM _Open o", "Did you mean EventDate?"],
    ["SELECT o.Whatever FROM _Open o", undefined],
  ])("%s", (sql, fix) => {
    const hint = first(sql);
    expect(hint).toMatchObject({ code: "UNKNOWN_COLUMN", severity: "warning" });
    expect(hint?.fix).toBe(fix);
  });

  it("a child joins the parent's view", () =>
    expect(first("SELECT EmailAddress FROM _Click", child)?.fix).toContain("JOIN Ent._Subscribers AS subscribers"));
});

describe("rowHints()", () => {
  it("tells with the rows what a check said of them, and nothing else", () => {
    const sql = "SELECT EmailAddress AS e\nFROM _Open WHERE EventDate < '2015-01-01'";
    expect(rowHints(hints(sql))).toEqual([
      "Line 2: _Open goes back 6 months: it has no row as old as this asks for. Ask for the last 6 months only; keep older rows in a Data Extension of your own, filled from _Open in time",
    ]);
  });
});
