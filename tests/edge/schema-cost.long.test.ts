import { expect, it } from "vitest";
import { ask, askUnchecked, bodyOf, post } from "./support/api.ts";
import { alice, carol } from "./support/people.ts";
import { callsOf, sandbox } from "./support/sandbox.ts";

type List = { tables: { name: string }[]; cursor?: string };

it("10,000 tables in 900 folders cost one call for 2,500 of them, and at most 50 ms a page from memory", async () => {
  await sandbox("tables", { count: 10_000, folders: 900, mid: carol.mid });
  let coldMs = 0;
  const calls = await callsOf(carol.mid, async () => {
    const from = Date.now();
    await (await askUnchecked("/v1/tables?refresh=1", {}, carol)).text();
    coldMs = Date.now() - from;
  });
  const queries = ["", "?q=table 09", "?q=9&limit=1000", "?kind=data-view", "?folder=1"];
  const rounds = 20;
  const warm: Record<string, number> = {};
  const warmCalls = await callsOf(carol.mid, async () => {
    for (const query of queries) {
      // The best of some: the machine may be busy with something else.
      warm[query] = Infinity;
      for (let n = 0; n < rounds; n += 1) {
        const from = Date.now();
        await (await askUnchecked(`/v1/tables${query}`, {}, carol)).text();
        warm[query] = Math.min(warm[query], Date.now() - from);
      }
    }
  });
  console.log("10,000 tables", { coldMs, calls, warmMs: warm, warmCalls });
  expect(calls).toEqual({ "SOAP Retrieve DataExtension": 5, "SOAP Retrieve DataFolder": 3 });
  expect(warmCalls).toEqual({});
  for (const query of queries) expect([query, (warm[query] ?? Infinity) <= 50]).toEqual([query, true]);
  let seen = 0;
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const path: string = `/v1/tables?limit=1000${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: List = await bodyOf<List>(await ask(path, {}, carol));
    seen += page.tables.length;
    ({ cursor } = page);
  }
  expect(seen).toBeGreaterThan(10_000);
});

it("60 s of typing, keys at most 1 s apart, cost no call once list and fields are known", async () => {
  const typist = { ...alice, mid: 7000012 };
  const sql =
    "SELECT c.CustomerKey, o.OrderId, s.EventDate FROM Customers c JOIN Orders o ON o.CustomerKey = c.CustomerKey JOIN _Sent s ON s.SubscriberKey = c.CustomerKey WHERE c.Country = 'DE'";
  const check = (text: string) =>
    post(
      "/v1/sql/check",
      { sql: text, validate: false, target: { customerKey: "No Rows", mode: "append" } },
      {},
      typist,
    );
  await (await check(sql)).text();
  let checks = 0;
  const until = Date.now() + 60_000;
  const calls = await callsOf(typist.mid, async () => {
    while (Date.now() < until) {
      await (await check(sql.slice(0, (checks % sql.length) + 1))).text();
      checks += 1;
      await scheduler.wait(300);
    }
  });
  console.log("60 s of typing", { checks, calls });
  expect(calls).toEqual({});
});
