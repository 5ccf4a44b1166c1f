import { describe, expect, it } from "vitest";
import { dataViewCatalogue } from "#sql/data-view-catalogue.ts";
import { dataViewNames } from "#sql/data-views.ts";
import { knownFunctions } from "#sql/functions/all.ts";
import { functionCatalogue } from "#sql/functions/catalogue.ts";
import { readText } from "#sql/query.ts";

/** Functions that are read as something else than calls: casts name a type. */
const casts = ["CAST", "CONVERT", "PARSE", "TRY_CAST", "TRY_CONVERT", "TRY_PARSE"];

/** One sentence or more, with a period, in which no sign is left over. */
const sentences = /^[A-Z'0-9][^\n]*[^.\s]\.$/;

describe("functionCatalogue()", () => {
  const entries = functionCatalogue();

  it("has every function that is known here, and no other", () => {
    expect(entries.map(({ name }) => name).toSorted()).toEqual([...knownFunctions(), ...casts].toSorted());
  });

  it.each(entries.map((entry) => [entry.name, entry] as const))("%s says what it is", (name, entry) => {
    expect(entry.signature.startsWith(name)).toBe(true);
    expect(entry.says).toMatch(sentences);
    expect(entry.says.match(/\. [A-Z]/g)).toBeNull();
    if (entry.trap !== undefined) expect(entry.trap).toMatch(sentences);
    expect(entry.returns).not.toBe("");
  });

  it("tells what Marketing Cloud may not have", () => {
    const evidence = Object.fromEntries(entries.map((entry) => [entry.name, entry.evidence]));
    expect([evidence["LEN"], evidence["TRY_CAST"], evidence["GREATEST"], evidence["CEIL"]]).toEqual([
      "usual",
      "disputed",
      "newer",
      "foreign",
    ]);
  });
});

describe("dataViewCatalogue()", () => {
  const entries = dataViewCatalogue();
  const named = (name: string) => entries.find((entry) => entry.name === name);

  it("has every view", () => expect(entries.map(({ name }) => name)).toEqual(dataViewNames));

  it.each(entries.map((entry) => [entry.name, entry] as const))("%s says what its rows are", (_, entry) => {
    expect(entry.says).toMatch(sentences);
    expect(entry.where).not.toBe("");
    if (entry.trap !== undefined) expect(entry.trap).toMatch(sentences);
  });

  it("tells zones, reach, and columns that no star stands for", () => {
    const open = named("_Open");
    expect([open?.reach, open?.fields.find(({ name }) => name === "EventDate")?.zone]).toEqual(["6 months", "server"]);
    expect(named("_AutomationInstance")?.reach).toBe("31 days");
    expect(named("_Subscribers")?.reach).toBe("all subscribers");
    expect(
      named("_Unsubscribe")
        ?.fields.filter(({ isUnlisted }) => isUnlisted)
        .map(({ name }) => name),
    ).toEqual(["TriggererSendDefinitionObjectID", "TriggeredSendCustomerKey"]);
  });

  it("joins views by the columns they are one by", () => {
    const on = (one: string, other: string) =>
      named(one)
        ?.joins.find(({ view }) => view === other)
        ?.on.map((part) => (part.column === part.other ? part.column : `${part.column} = ${part.other}`));
    expect(on("_Sent", "_Open")).toEqual(["JobID", "ListID", "BatchID", "SubscriberID"]);
    expect(on("_Open", "_Job")).toEqual(["JobID"]);
    expect(on("_ListSubscribers", "_Subscribers")).toEqual(["SubscriberID"]);
    expect(on("_JourneyActivity", "_Journey")).toEqual(["VersionID"]);
    expect(on("_SMSMessageTracking", "_Journey")).toEqual(["JBDefinitionID = VersionID"]);
    expect(on("_MobileAddress", "_Subscribers")).toEqual(["_ContactID = SubscriberID"]);
    expect(on("_EnterpriseAttribute", "_Sent")).toEqual(["_SubscriberID = SubscriberID"]);
    expect(on("_Job", "_Subscribers")).toBeUndefined();
  });

  it("joins that are SQL", () => {
    for (const { name, joins } of entries) {
      for (const { view, on } of joins) {
        const conditions = on.map(({ column, other }) => `a.${column} = b.${other}`).join(" AND ");
        const { problems } = readText(`SELECT a.* FROM ${name} a JOIN ${view} b ON ${conditions}`);
        expect([name, view, problems]).toEqual([name, view, []]);
      }
    }
  });
});
