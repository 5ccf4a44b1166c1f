import { expect, test } from "vitest";
import type { Cell, ResultPage } from "#client/result-page.ts";
import { clientOf, problem, runView, type Asked } from "./support/served.ts";

const ready = runView({ status: "ready", version: 4 });

function pageOf(page: number, pages: number, rows: Cell[][] = [[page, "x"]]): ResultPage {
  const columns = [
    { name: "Id", type: "Number" },
    { name: "__proto__", type: "Text" },
  ];
  const counts = { pages, accessibleRows: pages, truncated: false, expiresAt: "2026-12-01T10:00:00.000Z" };
  return { columns, rows, page, pageSize: 50, ...counts };
}

const numberOf = ({ path }: Asked) => Number(/page=(\d+)/.exec(path)?.[1]);

test("rows() turns the pages and yields each row by the names of its columns", async () => {
  const { client, asked } = clientOf((it, nth) => Response.json(nth === 1 ? ready : pageOf(numberOf(it), 3)));
  const run = await client.open("r1");
  const rows = [];
  for await (const row of run.rows()) rows.push(Object.entries(row));
  expect(rows).toEqual(
    [1, 2, 3].map((id) => [
      ["Id", id],
      ["__proto__", "x"],
    ]),
  );
  expect(asked.slice(1).map(numberOf)).toEqual([1, 2, 3]);
});

test("rows() asks for the next page at half of one, and never for a 51st", async () => {
  const four: Cell[][] = [
    [1, "a"],
    [2, "b"],
    [3, "c"],
    [4, "d"],
  ];
  const { client, asked } = clientOf((it, nth) => Response.json(nth === 1 ? ready : pageOf(numberOf(it), 60, four)));
  const run = await client.open("r1");
  for await (const row of run.rows()) if (row["Id"] === 2) break;
  expect(asked.slice(1).map(numberOf)).toEqual([1]);
  let count = 0;
  for await (const _ of run.rows()) count += 1;
  expect(count).toBe(200);
  expect(asked.slice(2).map(numberOf)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test("rows() tells of a page that fails when it comes to it, after the rows before", async () => {
  const { client } = clientOf((it, nth) => {
    if (nth === 1) return Response.json(ready);
    return numberOf(it) === 2 ? problem(410, "RESULT_EXPIRED") : Response.json(pageOf(1, 2));
  });
  const seen: Cell[] = [];
  const all = (async () => {
    for await (const row of (await client.open("r1")).rows()) seen.push(row["Id"] ?? null);
  })();
  await expect(all).rejects.toMatchObject({ code: "RESULT_EXPIRED", status: 410 });
  expect(seen).toEqual([1]);
});

test("rows() of a run that failed or was canceled throws its reason", async () => {
  const error = { code: "QUERY_FAILED", title: "It failed", detail: "Division by zero", fix: "Use NULLIF" };
  const failed = clientOf(() => Response.json(runView({ status: "failed", error })));
  const next = async (client: typeof failed.client) => (await client.open("r1")).rows().next();
  await expect(next(failed.client)).rejects.toMatchObject({
    code: "QUERY_FAILED",
    status: 0,
    detail: "It failed. Division by zero. Use NULLIF",
  });
  const canceled = clientOf(() => Response.json(runView({ status: "canceled" })));
  await expect(next(canceled.client)).rejects.toMatchObject({ code: "CANCELED" });
});

test("run() that waits has the first page without another call; sorting and other pages ask", async () => {
  const { client, asked } = clientOf((it, nth) =>
    Response.json(nth === 1 ? { ...ready, page: pageOf(1, 2) } : pageOf(numberOf(it), 2)),
  );
  const run = await client.run("SELECT 1 AS A", { waitSeconds: 25 });
  expect(asked[0]?.headers.get("prefer")).toBe("wait=25");
  expect(run.state).toEqual(ready);
  expect(await run.page()).toEqual(pageOf(1, 2));
  expect(asked).toHaveLength(1);
  await run.page(2);
  await run.page(1, { sort: "Id", desc: true, find: "a b" });
  expect(asked.slice(1).map(({ path }) => path)).toEqual([
    "/v1/runs/r1/results?page=2",
    "/v1/runs/r1/results?page=1&sort=Id&desc=1&find=a%20b",
  ]);
});

test("cancel() and discard() ask for it, and cancel() keeps what the answer says", async () => {
  const canceled = runView({ status: "canceled", version: 2 });
  const { client, asked } = clientOf((_, nth) => Response.json(nth === 1 ? runView() : canceled, { status: 202 }));
  const run = await client.open("r1");
  expect(await run.cancel()).toEqual(canceled);
  expect(run.state).toEqual(canceled);
  expect(await run.done()).toEqual(canceled);
  await run.discard();
  expect(asked.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/runs/r1/cancel",
    "DELETE /v1/runs/r1/results",
  ]);
});
