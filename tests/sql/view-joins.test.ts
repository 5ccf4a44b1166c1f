import { describe, expect, it } from "vitest";
import { codes, first } from "./support/hints.ts";

describe("joins of tracking views", () => {
  const on = "o.SubscriberKey = s.SubscriberKey";

  it("names what is missing, and what to add", () => {
    const hint = first(`SELECT COUNT(*) AS n FROM _Sent s\nJOIN _Open o ON ${on}`);
    expect(hint).toMatchObject({ code: "VIEW_JOIN", severity: "warning", line: 2, column: 6, endColumn: 11 });
    expect(hint?.message).toContain("_Sent and _Open are joined without JobID:");
    expect(hint?.fix).toBe("Add o.JobID = s.JobID AND o.BatchID = s.BatchID");
  });

  it.each([
    [
      "two views joined by the job alone",
      "_Open o JOIN _Click c ON c.JobID = o.JobID",
      "_Open and _Click are joined without SubscriberID:",
    ],
    [
      "a list of views with WHERE",
      "_Sent s, _Bounce b WHERE s.ListID = b.ListID",
      "_Sent and _Bounce are joined without JobID and SubscriberID:",
    ],
    [
      "two views joined by a third",
      "_Subscribers s JOIN _Open o ON o.SubscriberKey = s.SubscriberKey JOIN _Click c ON c.SubscriberID = s.SubscriberID",
      "_Open and _Click are joined without JobID:",
    ],
    [
      "a join with _Job by the account",
      "_Sent s JOIN _Job j ON j.AccountID = s.AccountID",
      "_Sent and _Job are joined without JobID:",
    ],
    [
      "a CROSS JOIN",
      "_Sent CROSS JOIN _Unsubscribe",
      "_Sent and _Unsubscribe are joined without JobID and SubscriberID:",
    ],
    [
      "an outer join by the job that keeps the unmatched",
      "_Sent s LEFT JOIN _Open o ON o.JobID = s.JobID WHERE o.SubscriberID IS NULL",
      "_Sent and _Open are joined without SubscriberID: a row of the one meets rows of other sends",
    ],
    [
      "an outer join with the job of one side fixed",
      `_Sent s LEFT JOIN _Open o ON ${on} WHERE s.JobID = 5`,
      "_Sent and _Open are joined without JobID:",
    ],
  ])("finds it in %s", (_, from, words) => {
    const hint = first(`SELECT COUNT(*) AS n FROM ${from}`);
    expect(hint?.code).toBe("VIEW_JOIN");
    expect(hint?.message).toContain(words);
  });

  it.each([
    ["a join by person and job", `COUNT(*) AS n FROM _Sent s JOIN _Open o ON ${on} AND o.JobID = s.JobID`],
    [
      "a join by person and, in parentheses, job and batch",
      "COUNT(*) AS n FROM _Sent s JOIN _Open o ON o.SubscriberID = s.SubscriberID AND (o.JobID = s.JobID AND o.BatchID = s.BatchID)",
    ],
    ["a list of views with WHERE", `COUNT(*) AS n FROM _Sent s, _Open o WHERE ${on} AND s.JobID = o.JobID`],
    [
      "three views joined by the job",
      "COUNT(*) AS n FROM _Job j JOIN _Sent s ON s.JobID = j.JobID JOIN _Open o ON o.JobID = j.JobID AND o.SubscriberID = s.SubscriberID",
    ],
    ["both jobs fixed by WHERE", `COUNT(*) AS n FROM _Sent s JOIN _Open o ON ${on} WHERE s.JobID = 5 AND o.JobID = 5`],
    [
      "keys compared as one text",
      "COUNT(*) AS n FROM _Sent s JOIN _Open o ON CONCAT(s.JobID, s.SubscriberKey) = CONCAT(o.JobID, o.SubscriberKey)",
    ],
    [
      "a view joined with its own earlier jobs",
      "COUNT(*) AS n FROM _Sent a JOIN _Sent b ON a.SubscriberID = b.SubscriberID AND a.JobID < b.JobID",
    ],
    // Nobody is met twice where only those without a match are kept.
    [
      "an outer join that keeps the unmatched only",
      `COUNT(*) AS n FROM _Sent s LEFT JOIN _Open o ON ${on} WHERE o.SubscriberKey IS NULL`,
    ],
    // Repeats do not show.
    [
      "groups that repeats do not change",
      `s.SubscriberKey, MAX(o.EventDate) AS last FROM _Sent s JOIN _Open o ON ${on} GROUP BY s.SubscriberKey`,
    ],
    [
      "DISTINCT of one side's key and a date",
      `DISTINCT s.SubscriberKey, o.EventDate FROM _Sent s JOIN _Open o ON ${on}`,
    ],
    ["COUNT(DISTINCT …)", `COUNT(DISTINCT o.SubscriberKey) AS n FROM _Sent s JOIN _Open o ON ${on}`],
    [
      "NOT EXISTS",
      "SubscriberKey FROM _Sent WHERE NOT EXISTS (SELECT 1 FROM _Open o WHERE o.SubscriberKey = _Sent.SubscriberKey)",
    ],
    [
      "a join with one row for each person",
      "s.SubscriberKey FROM _Sent s JOIN (SELECT SubscriberKey, COUNT(*) AS n FROM _Open GROUP BY SubscriberKey) o ON o.SubscriberKey = s.SubscriberKey",
    ],
    [
      "a join with _Subscribers",
      "s.SubscriberKey FROM _Sent s JOIN _Subscribers u ON u.SubscriberKey = s.SubscriberKey",
    ],
  ])("says nothing of %s", (_, rest) => expect(codes(`SELECT ${rest}`)).toEqual([]));

  it.each([
    ["DISTINCT of two dates", `DISTINCT s.EventDate, o.EventDate AS opened FROM _Sent s JOIN _Open o ON ${on}`],
    ["a SUM of groups", `s.SubscriberKey, SUM(1) AS n FROM _Sent s JOIN _Open o ON ${on} GROUP BY s.SubscriberKey`],
    [
      "MAX over a join by the job alone",
      "o.SubscriberKey, MAX(c.EventDate) AS last FROM _Open o JOIN _Click c ON c.JobID = o.JobID GROUP BY o.SubscriberKey",
    ],
    ["a plain list", `s.SubscriberKey FROM _Sent s JOIN _Open o ON ${on}`],
    [
      "IS NULL of a column that is no key",
      `s.SubscriberKey FROM _Sent s JOIN _Open o ON ${on} WHERE s.TriggeredSendCustomerKey IS NULL`,
    ],
  ])("is not reassured by %s", (_, rest) => expect(codes(`SELECT ${rest}`)).toEqual(["VIEW_JOIN"]));
});
