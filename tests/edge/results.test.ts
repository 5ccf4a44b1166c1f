import { beforeAll, describe, expect, it } from "vitest";
import type { Column } from "#protocol/column.ts";
import { ask, bodyOf, Bridge, readRun, submit } from "./support/api.ts";
import { letPass } from "./support/object.ts";
import { askOnOwn, faultOfOwn } from "./support/own-sandbox.ts";
import { alice, type Person } from "./support/people.ts";

type Page = {
  columns: Column[];
  rows: unknown[][];
  page: number;
  pages: number;
  totalRows: number;
  expiresAt: string;
};

const customers: Column[] = [
  { name: "LoyaltyPoints", type: "Number" },
  { name: "CUSTOMERKEY", type: "Text", maxLength: 50 },
  { name: "Balance", type: "Decimal", precision: 12, scale: 2 },
  { name: "IsVIP", type: "Boolean" },
  { name: "CreatedDate", type: "Date" },
];

/** A run whose rows are those of a seeded Data Extension; `rowCount` as the bridge would have counted. */
async function readyRun(
  customerKey: string,
  rest: { rowCount?: number; truncated?: boolean; columns?: Column[]; result?: object } = {},
  person = alice,
) {
  const { id } = await submit("SELECT CustomerKey FROM Customers", person);
  const bridge = new Bridge(id);
  await bridge.perform();
  const ready = { type: "ready", result: { customerKey }, columns: customers, notes: [], ...rest } as const;
  const answer = await bridge.report(ready);
  if (!answer.ok) throw new Error(await answer.text());
  return id;
}

const read = (id: string, query = "", person: Person = alice) => ask(`/v1/runs/${id}/results${query}`, {}, person);

async function refusal(answer: Response): Promise<[number, string]> {
  return [answer.status, (await bodyOf(answer)).code];
}

describe("GET /v1/runs/{id}/results", () => {
  let id: string;
  let first: Page;
  beforeAll(async () => {
    id = await readyRun("Customers");
    first = await bodyOf<Page>(await read(id));
  });

  it("gives a page of typed rows, columns in SELECT order and case", async () => {
    expect(first.columns).toEqual(customers);
    expect(first).toMatchObject({ page: 1, pageSize: 50, truncated: false, accessibleRows: first.totalRows });
    expect(first.pages).toBe(Math.ceil(first.totalRows / 50));
    expect(first.expiresAt).toBe((await readRun(id)).expiresAt);
    expect(first.rows).toHaveLength(50);
    const types = new Set(first.rows.map((row) => row.map((cell) => (cell === null ? "null" : typeof cell)).join(" ")));
    for (const line of types) expect(line).toMatch(/^(number|null) string (number|null) (boolean|null) (string|null)$/);
    const dates = first.rows.flatMap(([, , , , date]) => (date === null ? [] : [date]));
    expect(dates.length).toBeGreaterThan(0);
    for (const date of dates) expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });

  it("reads all pages from one snapshot, so they are disjoint and complete", async () => {
    const keys = first.rows.map(([, key]) => key);
    for (let page = 2; page <= first.pages; page += 1) {
      const body = await bodyOf<Page>(await read(id, `?page=${page}`));
      keys.push(...body.rows.map(([, key]) => key));
    }
    expect([keys.length, new Set(keys).size]).toEqual([first.totalRows, first.totalRows]);
  });

  it("tells of a look whether there is more, and how many rows there are where somebody counted", async () => {
    const look = async (more: { truncated: boolean; rowCount?: number }) => {
      const {
        page: _page,
        rows: _rows,
        expiresAt: _at,
        ...body
      } = await bodyOf<Page>(await read(await readyRun("Customers", more), "?page=2"));
      return body;
    };
    const accessibleRows = first.totalRows;
    expect(await look({ truncated: true })).toMatchObject({ truncated: true, accessibleRows, pages: first.pages });
    expect(await look({ truncated: true })).not.toHaveProperty("totalRows");
    expect(await look({ truncated: true, rowCount: 90_000 })).toMatchObject({
      truncated: true,
      totalRows: 90_000,
      accessibleRows,
    });
    expect(await look({ truncated: false, rowCount: accessibleRows })).toMatchObject({
      truncated: false,
      totalRows: accessibleRows,
    });
    expect((await readRun(await readyRun("Customers", { truncated: true }))).truncated).toBe(true);
  });

  it("shows a column by its own name when its field has another one", async () => {
    const columns: Column[] = [{ name: "Cust.Key", field: "CustomerKey", type: "Text", maxLength: 50 }];
    const named = await readyRun("Customers", { columns });
    const page = await bodyOf<Page>(await read(named));
    const shown = [{ name: "Cust.Key", type: "Text", maxLength: 50 }];
    expect([page.columns, typeof page.rows[0]?.[0]]).toEqual([shown, "string"]);
    expect((await readRun(named)).columns).toEqual(shown);
  });

  it.each(["0", "51", "-1", "1.5", "x"])("refuses page %s", async (page) => {
    expect(await refusal(await read(id, `?page=${page}`))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
  });

  it("refuses a page beyond the rows, whether the bridge or Marketing Cloud counted them", async () => {
    expect(await refusal(await read(id, `?page=${first.pages + 1}`))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
    const counted = await readyRun("Customers", { rowCount: 51 });
    expect(await refusal(await read(counted, "?page=3"))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
  });

  it("is marked as truncated and stops at 2,500 rows", async () => {
    const orders = await readyRun("Orders", { columns: [{ name: "OrderID", type: "Number" }] });
    const body = await bodyOf<Page>(await read(orders, "?page=50"));
    expect(body).toMatchObject({ page: 50, pages: 50, accessibleRows: 2500, truncated: true });
    expect(body.totalRows).toBeGreaterThan(2500);
    expect(body.rows).toHaveLength(50);
  });

  it("refuses a run that is not ready, and says how it stands", async () => {
    const queued = await submit();
    const waiting = await read(queued.id);
    expect([waiting.status, await waiting.json()]).toMatchObject([
      409,
      { code: "RUN_NOT_READY", status: 409, runStatus: "queued" },
    ]);
    await ask(`/v1/runs/${queued.id}/cancel`, { method: "POST" });
    const canceled = await read(queued.id);
    expect([canceled.status, await canceled.json()]).toMatchObject([409, { runStatus: "canceled" }]);
  });

  it("can be read until the exact moment the run names, and not from then on", async () => {
    const id = await readyRun("Customers");
    const { expiresAt = "" } = await readRun(id);
    // From here on the clock stands still, so that a millisecond counts.
    await letPass(id, 0);
    await letPass(id, Date.parse(expiresAt) - Date.now() - 1);
    expect((await read(id)).status).toBe(200);
    await letPass(id, 1);
    expect(await refusal(await read(id))).toEqual([410, "RESULT_EXPIRED"]);
  });

  it("is 410 when the result has expired, or Marketing Cloud has lost it", async () => {
    expect(await refusal(await read(await readyRun("no-such-key")))).toEqual([410, "RESULT_EXPIRED"]);
    const old = await readyRun("Customers");
    await letPass(old, 24 * 60 * 60 * 1000);
    expect(await refusal(await read(old))).toEqual([410, "RESULT_EXPIRED"]);
  });
});

describe("GET /v1/runs/{id}/results, when Marketing Cloud is in trouble", () => {
  const order = (fault: object) => faultOfOwn({ call: "REST rowset", times: 100, ...fault });
  const readInTrouble = () => askOnOwn(`/v1/runs/${id}/results`);
  let id: string;
  beforeAll(async () => {
    id = await readyRun("Customers");
  });

  it("is 503 with Retry-After when it throttles", async () => {
    await order({ as: "throttled" });
    const answer = await readInTrouble();
    expect(await refusal(answer)).toEqual([503, "MCE_BUSY"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("is 503 when it breaks down", async () => {
    await order({ as: "server-error" });
    expect(await refusal(await readInTrouble())).toEqual([503, "MCE_BUSY"]);
  });

  it("is 502 when it refuses, without a value it quotes", async () => {
    const message = "Conversion failed when converting the varchar value 'Canary-4711' to data type int.";
    await order({ status: 403, body: { message, errorcode: 10_003, documentation: "" } });
    const answer = await readInTrouble();
    const body = await answer.text();
    expect([answer.status, body.includes("MCE_ERROR"), body.includes("Canary")]).toEqual([502, true, false]);
  });

  it("is 502 and names the permission that is missing", async () => {
    await order({ as: "no-scope" });
    const answer = await readInTrouble();
    expect(await bodyOf(answer)).toMatchObject({
      code: "MCE_ERROR",
      detail:
        "The connection is not allowed to read these rows; its installed package needs Data Extensions Read (data_extensions_read): Insufficient privileges to complete this action.",
    });
  });
});

describe("GET /v1/runs/{id}/results of a result that only SOAP gives", () => {
  const bySoap = (customerKey: string, orderBy?: string) => ({
    result: { customerKey, readBy: "soap", ...(orderBy === undefined ? {} : { orderBy }) },
  });
  const text = (name: string): Column => ({ name, type: "Text", maxLength: 50 });

  /** All rows, page by page. */
  async function allOf(
    id: string,
  ): Promise<{ rows: unknown[][]; first: Page & { truncated: boolean; accessibleRows: number } }> {
    const first = await bodyOf<Page & { truncated: boolean; accessibleRows: number }>(await read(id));
    const rows = [...first.rows];
    for (let page = 2; page <= first.pages; page += 1) {
      rows.push(...(await bodyOf<Page>(await read(id, `?page=${page}`))).rows);
    }
    return { rows, first };
  }

  it("has the same pages of typed rows as a rowset has", async () => {
    const byRowset = await allOf(await readyRun("Customers"));
    const bySoapToo = await allOf(await readyRun("Customers", bySoap("Customers", "_customobjectkey")));
    const { expiresAt: _one, rows: _rows, ...head } = byRowset.first;
    expect(bySoapToo.first).toMatchObject(head);
    const sorted = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(sorted(bySoapToo.rows)).toEqual(sorted(byRowset.rows));
  });

  it("comes in the order of the query's numbers, as numbers", async () => {
    const columns: Column[] = [{ name: "Group", type: "Text", maxLength: 50 }];
    const { rows } = await allOf(await readyRun("order.v2", { ...bySoap("order.v2", "Select"), columns }));
    const plain = await allOf(
      await readyRun("order.v2", { ...bySoap("order.v2"), columns: [...columns, { name: "Select", type: "Number" }] }),
    );
    const wanted = plain.rows.toSorted(([, one], [, other]) => Number(one) - Number(other)).map(([group]) => [group]);
    expect(wanted).toHaveLength(12);
    expect(rows).toEqual(wanted);
  });

  it("is complete, disjoint and in one order, though only MCE's own number orders it", async () => {
    const id = await readyRun("Customers", {
      ...bySoap("Customers", "_customobjectkey"),
      columns: [text("CustomerKey")],
    });
    const { rows, first } = await allOf(id);
    expect([rows.length, new Set(rows.map(String)).size]).toEqual([first.totalRows, first.totalRows]);
  });

  it("has as many rows as one answer returns; of more, only MCE knows the number", async () => {
    const columns: Column[] = [{ name: "OrderID", type: "Number" }];
    const unknown = await allOf(await readyRun("Orders", { ...bySoap("Orders", "_customobjectkey"), columns }));
    expect(unknown.first).toMatchObject({ pages: 50, accessibleRows: 2500, truncated: true });
    expect(unknown.first).not.toHaveProperty("totalRows");
    expect(new Set(unknown.rows.map(String)).size).toBe(2500);
    const counted = await readyRun("Orders", { ...bySoap("Orders"), columns, rowCount: 3000 });
    expect(await bodyOf(await read(counted))).toMatchObject({ totalRows: 3000, accessibleRows: 2500, truncated: true });
  });

  it("has one page when it has no rows", async () => {
    const id = await readyRun("No Rows", {
      ...bySoap("No Rows", "_customobjectkey"),
      columns: [text("Id")],
      rowCount: 0,
    });
    expect(await bodyOf(await read(id))).toMatchObject({
      rows: [],
      pages: 1,
      totalRows: 0,
      accessibleRows: 0,
      truncated: false,
    });
    expect(await refusal(await read(id, "?page=2"))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
  });

  it("refuses a page beyond the rows that can be read", async () => {
    const id = await readyRun("order.v2", { ...bySoap("order.v2"), columns: [text("Value")] });
    expect(await refusal(await read(id, "?page=2"))).toEqual([422, "PAGE_OUT_OF_RANGE"]);
  });

  it("is 410 when Marketing Cloud has lost the table, or the rows it has counted", async () => {
    const lost = await readyRun("no-such-key", { ...bySoap("no-such-key"), columns: [text("Id")] });
    expect(await refusal(await read(lost))).toEqual([410, "RESULT_EXPIRED"]);
    const cleared = await readyRun("No Rows", { ...bySoap("No Rows"), columns: [text("Id")], rowCount: 7 });
    expect(await refusal(await read(cleared))).toEqual([410, "RESULT_EXPIRED"]);
  });

  it("is 502 with MCE's words when it refuses the table that is there", async () => {
    const id = await readyRun("Customers", { ...bySoap("Customers"), columns: [text("NoSuchColumn")] });
    const answer = await read(id);
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([502, "MCE_ERROR"]);
  });
});
