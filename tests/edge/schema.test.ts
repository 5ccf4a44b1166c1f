import { describe, expect, it } from "vitest";
import type { DataView, SqlFunction } from "#client/schema-types.ts";
import { ask, bodyOf } from "./support/api.ts";
import { alice, bindings, carol, type Person } from "./support/people.ts";
import { callsOf } from "./support/sandbox.ts";

const child: Person = { ...alice, mid: 7000011 };

describe("GET /v1/query-activities", () => {
  /** Makes one in Marketing Cloud by its REST API, beside our engine. */
  async function make(key: string): Promise<void> {
    const url = bindings["MCE_SANDBOX_URL"] ?? "";
    const secrets = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a", account_id: child.mid };
    const signIn = { method: "POST", body: JSON.stringify({ grant_type: "client_credentials", ...secrets }) };
    const json = { "content-type": "application/json" };
    const token = await (await fetch(`${url}/v2/token`, { ...signIn, headers: json })).json<{ access_token: string }>();
    const headers = { ...json, authorization: `Bearer ${token.access_token}` };
    const { folders } = await (
      await fetch(`${url}/sandbox/state`)
    ).json<{
      folders: { id: number; contentType: string; mid: number }[];
    }>();
    const folder = folders.find((it) => it.contentType === "queryactivity" && it.mid === child.mid);
    const query = {
      name: `Weekly ${key}`,
      key,
      queryText: "SELECT 1 AS Id, 'a' AS Name",
      targetKey: "No Rows",
      targetUpdateTypeId: 0,
      categoryId: folder?.id,
    };
    const made = await fetch(`${url}/automation/v1/queries`, { method: "POST", headers, body: JSON.stringify(query) });
    if (!made.ok) throw new Error(await made.text());
  }

  it("lists them without SQL, and reads one as it stands", async () => {
    await make("weekly-1");
    const listed = await bodyOf<{ queryActivities: { key: string; name: string }[] }>(
      await ask("/v1/query-activities?q=weekly&refresh=1", {}, child),
    );
    expect(listed.queryActivities).toMatchObject([{ key: "weekly-1", name: "Weekly weekly-1" }]);
    expect(JSON.stringify(listed)).not.toContain("SELECT");
    const read = await bodyOf(await ask("/v1/query-activities/weekly-1", {}, child));
    expect(read).toMatchObject({
      sql: "SELECT 1 AS Id, 'a' AS Name",
      target: { key: "No Rows", name: "No Rows", mode: "overwrite" },
    });
    const again = await callsOf(child.mid, () => ask("/v1/query-activities", {}, child));
    expect(again).not.toHaveProperty("SOAP Retrieve QueryDefinition");
  });

  it("knows no key of another enterprise", async () => {
    const answer = await ask("/v1/query-activities/weekly-1", {}, carol);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "QUERY_ACTIVITY_NOT_FOUND"]);
  });
});

describe("static catalogues", () => {
  it("GET /v1/sql/functions says of each function how it is called, what it gives and what people fall for", async () => {
    const { functions } = await bodyOf<{ functions: SqlFunction[] }>(await ask("/v1/sql/functions"));
    const names = functions.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(["DATEADD", "COUNT", "ISNULL", "CAST", "GETDATE"]));
    expect(functions.find(({ name }) => name === "CONCAT")).toEqual({
      name: "CONCAT",
      signature: "CONCAT(value, value, …)",
      summary: "Joins values into one text; NULL counts as an empty text.",
      returns: "Text",
      trap: "With + one NULL makes the whole text NULL; with CONCAT it does not.",
      evidence: "usual",
    });
    expect(functions.find(({ name }) => name === "GREATEST")?.evidence).toBe("newer");
  });

  it("GET /v1/sql/data-views says of each view what it is, how far back it goes, and its columns", async () => {
    const { dataViews } = await bodyOf<{ dataViews: DataView[] }>(await ask("/v1/sql/data-views"));
    const names = dataViews.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    const named = (wanted: string) => dataViews.find(({ name }) => name === wanted);
    expect(named("_Sent")).toMatchObject({
      summary: "One row for each e-mail sent to a subscriber.",
      where: "business unit, and its children from the parent",
      keeps: "6 months",
      isComplete: true,
    });
    const field = { isPrimaryKey: false, isRequired: false };
    expect(named("_Sent")?.fields).toContainEqual({ ...field, name: "EventDate", type: "Date", zone: "server" });
    expect(named("_Unsubscribe")?.fields.at(-1)).toEqual({
      ...field,
      name: "TriggeredSendCustomerKey",
      type: "Text",
      maxLength: 36,
      isUnlisted: true,
    });
    expect(named("_BusinessUnitUnsubscribes")).toMatchObject({
      keeps: "current state",
      trap: expect.stringContaining("UTC"),
      fields: expect.arrayContaining([{ ...field, name: "UnsubDateUTC", type: "Date", zone: "utc" }]),
    });
    expect([named("_MobileLineAddress")?.fields, named("_MobileLineAddress")?.isComplete]).toEqual([[], false]);
    expect(named("_UndeliverableSMS")).not.toHaveProperty("keeps");
  });

  it("GET /v1/sql/data-views says by which keys views are joined", async () => {
    const { dataViews } = await bodyOf<{ dataViews: DataView[] }>(await ask("/v1/sql/data-views"));
    const on = (one: string, other: string) =>
      dataViews.find(({ name }) => name === one)?.joins.find(({ view }) => view === other)?.on;
    const both = (column: string) => ({ column, other: column });
    expect(on("_Sent", "_Open")).toEqual(["JobID", "ListID", "BatchID", "SubscriberID"].map(both));
    expect(on("_MobileAddress", "_Subscribers")).toEqual([{ column: "_ContactID", other: "SubscriberID" }]);
    expect(on("_Job", "_Subscribers")).toBeUndefined();
  });

  it("both are 304 to a client that has them", async () => {
    for (const path of ["/v1/sql/functions", "/v1/sql/data-views"]) {
      const tag = (await ask(path)).headers.get("etag") ?? "";
      expect((await ask(path, { headers: { "if-none-match": tag } })).status).toBe(304);
    }
  });
});

describe("GET /v1/me", () => {
  it("tells who calls, where, and what is allowed", async () => {
    expect(await bodyOf(await ask("/v1/me", {}, child))).toEqual({
      user: { id: alice.sub },
      tenant: { id: alice.tenant, name: "Enterprise A" },
      businessUnit: { mid: 7000011 },
      businessUnits: [{ mid: 7000001 }, { mid: 7000011 }, { mid: 7000012 }],
      scopes: ["runs:read", "runs:write", "runs:target", "tables:read", "mcp"],
      isAdmin: false,
      limits: {
        activeRuns: 8,
        runsPerMinute: null,
        checksPerMinute: null,
        validationsPerMinute: null,
        activeRunsPerUser: null,
        streamsPerUser: null,
      },
    });
  });

  it("refuses a connection of another tenant", async () => {
    const answer = await ask("/v1/me", {}, { ...alice, connection: carol.connection });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, "FORBIDDEN"]);
  });
});
