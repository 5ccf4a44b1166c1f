import { describe, expect, it } from "vitest";
import type { Column } from "#protocol/column.ts";
import type { RunView } from "#run/view.ts";
import { ask, bodyOf, Bridge, post, readRun, submit } from "./support/api.ts";
import { letPass } from "./support/object.ts";
import { bob } from "./support/people.ts";

type Page = { rows: unknown[][]; pages: number; totalRows: number; accessibleRows: number; truncated: boolean };

const columns: Column[] = [
  { name: "CustomerKey", type: "Text", maxLength: 50 },
  { name: "LoyaltyPoints", type: "Number" },
  { name: "Country", type: "Text", maxLength: 2 },
];

async function end(id: string, customerKey = "Customers", rest: object = {}): Promise<Bridge> {
  const bridge = new Bridge(id);
  await bridge.perform();
  await bridge.report({ type: "confirming" });
  await bridge.report({ type: "ready", result: { customerKey }, columns, notes: [], ...rest });
  return bridge;
}

async function readyRun(customerKey?: string, rest?: object): Promise<string> {
  const { id } = await submit();
  await end(id, customerKey, rest);
  return id;
}

const page = async (id: string, query = "") => bodyOf<Page>(await ask(`/v1/runs/${id}/results${query}`));
const refusal = async (answer: Response) => [answer.status, (await bodyOf(answer)).code];

describe("GET /v1/runs/{id}/results?sort=&find=", () => {
  it("sorts all rows of the result by value, nulls last, over all pages", async () => {
    const id = await readyRun();
    const { pages, totalRows } = await page(id, "?sort=LoyaltyPoints");
    const all: (number | null)[] = [];
    for (let at = 1; at <= pages; at += 1)
      all.push(...(await page(id, `?sort=LoyaltyPoints&desc=1&page=${at}`)).rows.map(([, points]) => points as number));
    const known = all.filter((points) => points !== null);
    expect(all).toHaveLength(totalRows);
    expect(known).toEqual(known.toSorted((one, other) => other - one));
    expect(all.slice(0, known.length)).toEqual(known);
  });

  it("finds rows by a text in any value, and pages through them", async () => {
    const id = await readyRun();
    const found = await page(id, "?find=ck-00001&sort=customerkey");
    const keys = found.rows.map(([key]) => String(key));
    expect(keys.filter((key) => !key.startsWith("CK-00001"))).toEqual([]);
    expect(keys).toEqual(keys.toSorted());
    expect(found).toMatchObject({ pages: 1, accessibleRows: keys.length, truncated: false });
    expect(found.totalRows).toBeGreaterThan(keys.length);
    expect(await page(id, "?find=nobody has this")).toMatchObject({ rows: [], pages: 1, accessibleRows: 0 });
  });

  it("refuses an unknown column, a target's rows, and more rows than one call gives", async () => {
    const id = await readyRun();
    expect(await refusal(await ask(`/v1/runs/${id}/results?sort=Nope`))).toEqual([422, "INVALID_BODY"]);
    expect(await refusal(await ask(`/v1/runs/${id}/results?find=CK&page=51`))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
    const target = await readyRun("Customers", { result: { customerKey: "Customers", target: { columns } } });
    expect(await refusal(await ask(`/v1/runs/${target}/results?find=x`))).toEqual([422, "NOT_SORTABLE"]);
    const big = await readyRun("Big List");
    expect(await refusal(await ask(`/v1/runs/${big}/results?find=x`))).toEqual([422, "NOT_SORTABLE"]);
  });
});

describe("DELETE /v1/runs/{id}/results", () => {
  const discard = (id: string, person?: typeof bob) => ask(`/v1/runs/${id}/results`, { method: "DELETE" }, person);

  it("ends the result at once, and has its table deleted", async () => {
    const { id } = await submit();
    const bridge = await end(id);
    const answer = await discard(id);
    const view = await bodyOf<RunView>(answer);
    expect([answer.status, view.status, answer.headers.get("etag")]).toEqual([202, "ready", `"${view.version}"`]);
    expect(Date.parse(view.expiresAt ?? "")).toBeLessThanOrEqual(Date.now());
    expect(await refusal(await ask(`/v1/runs/${id}/results`))).toEqual([410, "RESULT_EXPIRED"]);
    expect((await readRun(id)).version).toBe(view.version);
    // The object asks for the clean-up, and its bridge is told to delete the table.
    await letPass(id, 1000);
    const claimed = await bridge.claim();
    expect([claimed.task, claimed.owed.map(({ asset }) => asset)]).toEqual([
      "cleanup",
      expect.arrayContaining(["dataExtension"]),
    ]);
    expect((await discard(id)).status).toBe(202);
  });

  it("is refused while there is no result, and unknown to another user", async () => {
    const { id } = await submit();
    expect(await refusal(await discard(id))).toEqual([409, "RUN_NOT_READY"]);
    expect(await refusal(await discard(id, bob))).toEqual([404, "RUN_NOT_FOUND"]);
    expect(await refusal(await discard("0".repeat(30)))).toEqual([404, "RUN_NOT_FOUND"]);
  });
});

describe("POST /v1/runs, Prefer: wait", () => {
  const sql = "SELECT CustomerKey FROM Customers";

  it("answers 200 with the run and its first page when it is ready in time", async () => {
    const key = crypto.randomUUID();
    const waiting = post("/v1/runs", { sql }, { prefer: "wait=25", "idempotency-key": key });
    const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql }, { "idempotency-key": key }));
    await end(id);
    const answer = await waiting;
    const body = await bodyOf<RunView & { page: Page }>(answer);
    expect([answer.status, body.status, body.page.rows.length]).toEqual([200, "ready", 50]);
    expect(answer.headers.get("preference-applied")).toBe("wait");
    expect(body.timings).toMatchObject({ queuedMs: expect.any(Number), totalMs: expect.any(Number) });
  });

  it.each(["wait=1", "respond-async, wait=1", "wait=x", "return=minimal"])(
    "answers 202 with the run as it is by then: %s",
    async (prefer) => {
      const answer = await post("/v1/runs", { sql }, { prefer });
      expect([answer.status, (await bodyOf<RunView>(answer)).status]).toEqual([202, "queued"]);
    },
  );

  it("answers 202 with a run that failed", async () => {
    const key = crypto.randomUUID();
    const waiting = post("/v1/runs", { sql }, { prefer: "wait=25", "idempotency-key": key });
    const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql }, { "idempotency-key": key }));
    const bridge = new Bridge(id);
    await bridge.perform();
    await bridge.report({ type: "failed", error: { code: "QUERY_FAILED", title: "T", detail: "D" } });
    const answer = await waiting;
    expect([answer.status, (await bodyOf<RunView>(answer)).status]).toEqual([202, "failed"]);
  });
});
