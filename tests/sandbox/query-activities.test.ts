import { afterAll, beforeAll, expect, test } from "vitest";
import { queryActivities } from "../../sandbox/data/query-activities.ts";
import { openWire, type Json, type Wire } from "./support/wire.ts";

let wire: Wire;
let authorization: string;
beforeAll(async () => {
  wire = await openWire({ hasQueryActivities: true });
  authorization = `Bearer ${await wire.token(7000011)}`;
});
afterAll(() => wire.close());

const rest = (method: string, path: string, body?: Json) => wire.call(method, path, body, { authorization });

test("the first enterprise has Query Activities in each business unit, the other has none", async () => {
  const { queries } = (await wire.call("GET", "/sandbox/state")).json as { queries: { mid: number; name: string }[] };
  expect(queries.map(({ mid, name }) => `${mid} ${name}`)).toEqual(
    [7000001, 7000011, 7000012].flatMap((mid) => queryActivities.map(({ name }) => `${mid} ${name}`)),
  );
});

test.each(queryActivities)("$name runs, and Marketing Cloud would save it as it is", async (seeded) => {
  const filter = encodeURIComponent(`Name eq ${seeded.name}`);
  const listed = await rest("GET", `/automation/v1/queries?$filter=${filter}`);
  const [{ queryDefinitionId }] = listed.json["items"] as [{ queryDefinitionId: string }];
  const path = `/automation/v1/queries/${queryDefinitionId}`;
  expect((await rest("POST", `${path}/actions/start/`)).status).toBe(200);
  await wire.advance(5000);
  const { tasks } = (await wire.call("GET", "/sandbox/state")).json as { tasks: { queryKey: string; state: string }[] };
  expect(tasks.find(({ queryKey }) => queryKey === seeded.customerKey)?.state).toBe("complete");
  // A save checks the text.
  expect(await rest("PATCH", path, { queryText: seeded.queryText })).toMatchObject({ status: 200 });
});

test("the first one is a step in the views about automations, and fills its target", async () => {
  const sql = `SELECT COUNT(*) AS N FROM _AutomationActivityInstance WHERE ActivityCustomerKey = 'activity-2-2' AND ActivityName = 'Query Buyers' AND AutomationName = 'Segment VIP'`;
  const count = async (text: string) => {
    const { rows } = (await wire.call("POST", "/sandbox/sql", { sql: text, mid: 7000011 })).json as {
      rows: string[][];
    };
    return Number(rows[0]?.[0]);
  };
  expect(await count(sql)).toBe(30);
  expect(await count("SELECT COUNT(*) AS N FROM [VIP Audience] WHERE Revenue > 0")).toBeGreaterThan(0);
});
