import { describe, expect, it } from "vitest";
import type { TableField } from "#sql/fields.ts";
import { inferColumns } from "#sql/infer.ts";
import { fieldsOf } from "./support/tables.ts";

/** The zones of a query's columns; `-` for a column without one. */
function zonesOf(sql: string, fields: Parameters<typeof inferColumns>[1] = fieldsOf): string {
  const answer = inferColumns(sql, fields);
  return answer.kind === "inferred" ? answer.columns.map(({ zone = "-" }) => zone).join(" ") : answer.kind;
}

const expressions: [expression: string, zone: string][] = [
  ["GETDATE() AS AtUtc", "server"],
  ["CURRENT_TIMESTAMP", "server"],
  ["SYSDATETIME()", "server"],
  ["GETUTCDATE() AS NowX", "utc"],
  ["SYSUTCDATETIME()", "utc"],
  ["SYSDATETIMEOFFSET()", "-"],
  ["EventDate AS SentUtc", "server"],
  ["(SELECT MAX(s.EventDate) FROM _Sent s)", "server"],
  ["MIN(EventDate) OVER ()", "server"],
  ["LAG(EventDate) OVER (ORDER BY JobID)", "server"],
  ["LEAD(EventDate, 1, GETDATE()) OVER (ORDER BY JobID)", "server"],
  ["LAG(EventDate, 1, GETUTCDATE()) OVER (ORDER BY JobID)", "-"],
  ["FIRST_VALUE(EventDate) OVER (ORDER BY JobID)", "server"],
  ["CAST(EventDate AS DATETIME)", "server"],
  ["CONVERT(DATETIME2(3), GETUTCDATE())", "utc"],
  ["CAST(EventDate AS DATE)", "-"],
  ["CAST(CAST(EventDate AS DATE) AS DATETIME)", "-"],
  ["CAST('2026-01-15' AS DATETIME)", "-"],
  ["CAST(EventDate AS DATETIMEOFFSET)", "-"],
  ["DATEADD(DAY, 1, EventDate)", "server"],
  ["DATEADD(wk, -1, GETUTCDATE())", "utc"],
  ["DATEADD(MONTH, 1, EventDate)", "server"],
  ["EventDate - 7", "server"],
  ["1 + EventDate", "server"],
  // People go from one zone to another by hours.
  ["DATEADD(HOUR, 6, EventDate)", "-"],
  ["DATEADD(mi, 30, EventDate)", "-"],
  ["EventDate + 0.25", "-"],
  ["DATEADD(DAY, DATEDIFF(DAY, 0, EventDate), 0)", "-"],
  ["EventDate AT TIME ZONE 'Central America Standard Time' AT TIME ZONE 'Central European Standard Time'", "-"],
  ["CAST(EventDate AT TIME ZONE 'UTC' AS DATETIME)", "-"],
  ["SWITCHOFFSET(EventDate, '+00:00')", "-"],
  ["EOMONTH(EventDate)", "-"],
  ["CONVERT(VARCHAR(30), EventDate, 120)", "-"],
  // All that can be a moment has to agree.
  ["CASE WHEN IsUnique = 1 THEN EventDate END", "server"],
  ["CASE WHEN IsUnique = 1 THEN EventDate ELSE NULL END", "server"],
  ["CASE WHEN IsUnique = 1 THEN EventDate ELSE GETDATE() END", "server"],
  ["CASE WHEN IsUnique = 1 THEN EventDate ELSE GETUTCDATE() END", "-"],
  ["COALESCE(NULL, EventDate)", "server"],
  ["COALESCE(EventDate, '2020-01-01')", "-"],
  ["ISNULL(EventDate, GETDATE())", "server"],
  ["ISNULL(EventDate, 0)", "-"],
  ["ISNULL(EventDate, Nowhere)", "-"],
  ["IIF(IsUnique = 1, EventDate, GETUTCDATE())", "-"],
  ["NULLIF(EventDate, GETUTCDATE())", "server"],
  // NULL is no moment, whatever its type.
  ["COALESCE(CAST(NULL AS DATETIME), GETUTCDATE())", "utc"],
  ["COALESCE(GETUTCDATE(), CONVERT(DATE, NULL), NULL)", "utc"],
  ["COALESCE(TRY_CAST(NULL AS VARCHAR(20)), EventDate)", "server"],
  ["COALESCE(CAST(CAST(NULL AS DATETIME) AS DATE), EventDate)", "server"],
  ["COALESCE(NULLIF(CAST(NULL AS DATETIME), EventDate), GETUTCDATE())", "utc"],
  ["COALESCE((SELECT CAST(NULL AS DATETIME)), (NULL), GETUTCDATE())", "utc"],
  ["COALESCE(DATEADD(HOUR, 1, CAST(NULL AS DATETIME)), EventDate + NULL, GETUTCDATE())", "utc"],
  ["ISNULL(CAST(NULL AS DATETIME2), GETUTCDATE())", "utc"],
  ["ISNULL(EventDate, CAST(NULL AS DATETIME))", "server"],
  ["ISNULL(CAST(NULL AS DATETIME), '2020-01-01')", "-"],
  ["IIF(IsUnique = 1, CAST(NULL AS DATETIME), GETUTCDATE())", "utc"],
  ["CHOOSE(2, CAST(NULL AS DATETIME), EventDate, NULL)", "server"],
  ["CASE WHEN IsUnique = 1 THEN CAST(NULL AS DATETIME) ELSE EventDate END", "server"],
  ["CASE IsUnique WHEN 1 THEN NULL WHEN 0 THEN CAST(NULL AS DATETIME) END", "-"],
  ["LAG(EventDate, 1, CAST(NULL AS DATETIME)) OVER (ORDER BY JobID)", "server"],
  ["LEAD(CAST(NULL AS DATETIME), 1, EventDate) OVER (ORDER BY JobID)", "server"],
  ["COALESCE(MAX(CAST(NULL AS DATETIME)) OVER (), EventDate)", "server"],
  ["COALESCE(CAST(NULL AS DATETIME), EventDate, GETUTCDATE())", "-"],
  ["COALESCE(ISNULL(CAST(NULL AS INT), 5), GETUTCDATE())", "-"],
  ["COALESCE(CAST('' AS DATETIME), GETUTCDATE())", "-"],
];

const queries: [sql: string, zones: string][] = [
  ["SELECT d.At FROM (SELECT EventDate AS At FROM _Open UNION ALL SELECT EventDate FROM _Click) d", "server"],
  ["SELECT EventDate FROM _Open UNION ALL SELECT GETUTCDATE()", "-"],
  ["SELECT NULL AS At UNION SELECT UnsubDateUTC FROM _BusinessUnitUnsubscribes", "utc"],
  ["SELECT CAST(NULL AS DATETIME) AS At UNION ALL SELECT GETUTCDATE() UNION ALL SELECT NULL", "utc"],
  ["SELECT GETUTCDATE() AS At EXCEPT SELECT CAST(NULL AS DATETIME)", "utc"],
  ["SELECT CAST(NULL AS DATETIME) AS At INTERSECT SELECT EventDate FROM _Open", "server"],
  ["SELECT v.At FROM (VALUES (NULL), (CAST(NULL AS DATETIME)), (GETUTCDATE())) v (At)", "utc"],
  ["SELECT v.At FROM (VALUES (CAST(NULL AS DATETIME))) v (At)", "-"],
  ["SELECT COALESCE(d.At, GETUTCDATE()) AS x FROM (SELECT CAST(NULL AS DATETIME) AS At) d", "utc"],
  ["WITH n (At) AS (SELECT CAST(NULL AS DATETIME)) SELECT At FROM n UNION SELECT EventDate FROM _Open", "server"],
  ["SELECT UnsubDateUTC AS DateUnsubscribed FROM _BusinessUnitUnsubscribes", "utc"],
  ["SELECT AutomationInstanceStartTime_UTC AS StartTime FROM _AutomationInstance", "utc"],
  ["SELECT DateJoined, DateUndeliverable FROM _Subscribers", "server server"],
  ["SELECT TransactionTime FROM _FTAF", "server"],
  ["SELECT CreateDateTime FROM _SMSMessageTracking", "server"],
  ["SELECT _CreatedDate, _ModifiedDate, _OptInDate FROM _MobileSubscription", "server server -"],
  // No page says it of these.
  ["SELECT SchedTime FROM _Job", "-"],
  ["SELECT StartTime FROM _ReconcilableDispositionView", "-"],
  ["SELECT EventDate FROM _SurveyResponse", "-"],
  // A user's own field, and the hidden one.
  ["SELECT Born, Born AS BornUTC, _CreatedDate FROM People", "- - -"],
  ["WITH c AS (SELECT EventDate AS At FROM _Open) SELECT MAX(At) AS m FROM c", "server"],
  ["SELECT p.a FROM (SELECT EventDate, Domain FROM _Open) s PIVOT (MAX(EventDate) FOR Domain IN ([a])) p", "server"],
];

describe("inferColumns() zones", () => {
  it.each(expressions)("%s: %s", (expression, zone) => {
    expect(zonesOf(`SELECT ${expression.replace(/ AS \w+$/, "")} AS xUtc FROM _Open`)).toBe(zone);
  });

  it.each(queries)("%s: %s", (sql, zones) => expect(zonesOf(sql)).toBe(zones));

  it("keep a view's own when MCE tells its fields", () => {
    const told: TableField[] = [
      { name: "EVENTDATE", fieldType: "Date" },
      { name: "Other", fieldType: "Date" },
    ];
    expect(zonesOf("SELECT EventDate, Other FROM _Open", () => told)).toBe("server -");
  });
});
