import { describe, expect, it } from "vitest";
import type { Column } from "#protocol/column.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import type { RunView } from "#run/view.ts";
import { ask, bodyOf, Bridge, post } from "./support/api.ts";
import { letPass } from "./support/object.ts";
import { alice, type Person } from "./support/people.ts";

const sql = "SELECT CustomerKey FROM Customers";
const target = { customerKey: "Orders", mode: "append" } as const;
/** A child business unit of alice's enterprise. */
const child: Person = { ...alice, mid: 7000011 };

type Page = { source?: string; columns: Column[]; rows: unknown[][]; pages: number; totalRows: number };

const fields: Column[] = [
  { name: "Status", type: "Text", maxLength: 20 },
  { name: "OrderID", type: "Number" },
];

/** A target run that a bridge has brought to its end, with one row that MCE has counted. */
async function readyRun(result: ResultHandle, person = alice): Promise<string> {
  const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql, target }, {}, person));
  const bridge = new Bridge(id);
  await bridge.perform();
  const columns: Column[] = [{ name: "CustomerKey", type: "Text", maxLength: 50 }];
  const answer = await bridge.report({ type: "ready", result, columns, notes: [], rowCount: 1 });
  if (!answer.ok) throw new Error(await answer.text());
  return id;
}

const read = async (id: string, query = "", person = alice) => ask(`/v1/runs/${id}/results${query}`, {}, person);

describe("POST /v1/runs with a target", () => {
  it("accepts it, and hands flow and target to the bridge", async () => {
    const answer = await post("/v1/runs", { sql, target });
    const run = await bodyOf<RunView>(answer);
    expect([answer.status, run.flow, run.target]).toEqual([202, "run-to-target", target]);
    const claim = await new Bridge(run.id).claim();
    expect(claim.spec).toMatchObject({ flow: "run-to-target", target });
    // No Data Extension is ever noted for such a run, so its clean-up can delete none.
    expect(claim.ledger.map(({ asset }) => asset)).toEqual(["queryDefinition"]);
  });

  it("is another request under one Idempotency-Key when target or mode differ", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await bodyOf<RunView>(await post("/v1/runs", { sql, target }, headers));
    expect((await bodyOf<RunView>(await post("/v1/runs", { sql, target }, headers))).id).toBe(first.id);
    for (const body of [{ sql }, { sql, target: { ...target, mode: "overwrite" } }]) {
      const answer = await post("/v1/runs", body, headers);
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "IDEMPOTENCY_MISMATCH"]);
    }
  });

  it("cancels and says that rows may still arrive in the target", async () => {
    const { id } = await bodyOf<RunView>(await post("/v1/runs", { sql, target }));
    await new Bridge(id).perform();
    const run = await bodyOf<RunView>(await post(`/v1/runs/${id}/cancel`, ""));
    expect(run.notes?.join()).toContain('still reach "Orders"');
  });
});

describe("GET /v1/runs/{id}/results of a target run", () => {
  it("shows all rows of the target in its own columns, and says so", async () => {
    const id = await readyRun({ customerKey: "Orders", target: { columns: fields } });
    const page = await bodyOf<Page>(await read(id));
    expect(page).toMatchObject({ source: "target", columns: fields, pages: 50 });
    expect(page.totalRows).toBeGreaterThan(2500);
    expect(page.rows[0]?.map((cell) => typeof cell)).toEqual(["string", "number"]);
    const { rowCount } = await bodyOf<RunView>(await ask(`/v1/runs/${id}`));
    expect(rowCount).toBe(1);
  });

  it("has pages that are disjoint, from one snapshot, however few rows the run made", async () => {
    const id = await readyRun({ customerKey: "Orders", target: { columns: fields } });
    const pages = [];
    for (const page of [1, 2, 3]) pages.push(await bodyOf<Page>(await read(id, `?page=${page}`)));
    const keys = pages.flatMap(({ rows }) => rows.map(([, key]) => key));
    expect([keys.length, new Set(keys).size]).toEqual([150, 150]);
    expect(pages.map(({ source, columns }) => [source, columns])).toEqual(pages.map(() => ["target", fields]));
  });

  it("reads a shared target as the enterprise, where the connection may sign in there", async () => {
    const columns: Column[] = [{ name: "CustomerKey", type: "Text", maxLength: 50 }];
    const rowsAs = async (isShared: boolean, person: Person) => {
      const handle = { customerKey: "Customers", target: { columns, ...(isShared ? { isShared } : {}) } } as const;
      return (await bodyOf<Page>(await read(await readyRun(handle, person), "", person))).totalRows;
    };
    const [shared, own, parents] = [await rowsAs(true, child), await rowsAs(false, child), await rowsAs(false, alice)];
    expect(shared).toBe(parents);
    expect(own).not.toBe(parents);
  });

  it("is 410 when the target is gone, and says which one", async () => {
    const id = await readyRun({ customerKey: "Gone", target: { columns: fields } });
    const answer = await read(id);
    expect([answer.status, await answer.json()]).toMatchObject([
      410,
      { code: "RESULT_EXPIRED", detail: expect.stringContaining('"Gone"') },
    ]);
  });

  it("is 410 after its time, and says where the rows still are", async () => {
    const id = await readyRun({ customerKey: "Orders", target: { columns: fields } });
    await letPass(id, 24 * 60 * 60 * 1000);
    const answer = await read(id);
    expect([answer.status, await answer.json()]).toMatchObject([
      410,
      { code: "RESULT_EXPIRED", detail: expect.stringContaining('still in "Orders"') },
    ]);
  });
});
