import type { Planted } from "./plant.ts";
import { overRun, submit, type World } from "./world.ts";

/** A query with a canary in each place where a text can stand. */
export function queryWith({ canaries }: World, { table, column }: Planted) {
  const literal = () => `'${canaries.draw("SQL literal")} é'`;
  const sql = `SELECT z.Id, z.[${column}], z.Note, z.Email, z.Amount, ${literal()} AS [${canaries.draw("column name")}],
      @who AS Who /* ${canaries.draw("SQL comment")} */
    FROM [${table}] z -- ${canaries.draw("SQL comment")}
    WHERE z.[${column}] <> ${literal()} AND z.Id LIKE '%${canaries.draw("SQL literal")}%' OR 1 = 1`;
  return { sql, parameters: [{ name: "who", type: "text", value: `${canaries.draw("parameter")} "x" €` }] };
}

/** A run to a temporary table: every page, sorted, searched, and ended. */
export async function readEverything(world: World, planted: Planted, token?: string): Promise<void> {
  const { ask, canaries } = world;
  const id = await submit(world, queryWith(world, planted), token);
  await mustEnd(world, id, "ready", token);
  const as = token === undefined ? {} : { token };
  const searches = ["page=1", "page=2", `sort=${planted.column}&desc=1`, "sort=Note&page=2"];
  const finds = [canaries.draw("search text"), planted.value];
  for (const search of [...searches, ...finds.map((text) => `find=${encodeURIComponent(text)}`)])
    // The budget of calls may ask for patience, which is no matter here.
    await ask("GET", `/v1/runs/${id}/results?${search}`, { ...as, expected: [503] });
  await ask("DELETE", `/v1/runs/${id}/results`, as);
}

/** A run into a table of the tenant, and one that does not fit it. */
export async function writeTarget(world: World, { table, column, targetKey }: Planted): Promise<void> {
  const { canaries, ask } = world;
  const columns = `Id, [${column}], Note, Email, Amount`;
  const where = `Note <> '${canaries.draw("SQL literal")}'`;
  const target = { customerKey: targetKey, mode: "overwrite" };
  const id = await submit(world, { sql: `SELECT ${columns} FROM [${table}] WHERE ${where}`, target });
  await mustEnd(world, id, "ready");
  await ask("GET", `/v1/runs/${id}/results?page=1`, { expected: [503] });
  const misfit = await submit(world, { sql: `SELECT Id, Note AS Nowhere FROM [${table}] WHERE ${where}`, target });
  await mustEnd(world, misfit, "failed");
}

/** Queries that fail in Marketing Cloud's engine, whose messages quote a literal or a row. */
export async function failByThemselves(world: World, { table, column }: Planted): Promise<void> {
  const { canaries } = world;
  const expressions = [
    `CAST('${canaries.draw("SQL literal")}' AS INT)`,
    `CAST([${column}] AS INT)`,
    "CAST(Email AS DATE)",
  ];
  const ids = expressions.map((expression) => submit(world, { sql: `SELECT ${expression} AS A FROM [${table}]` }));
  for (const id of await Promise.all(ids)) await mustEnd(world, id, "failed");
}

/** What is asked without a run: previews, fields, Query Activities, checks. */
export async function askWithoutRun(world: World, planted: Planted): Promise<void> {
  const { ask } = world;
  const table = encodeURIComponent(planted.table);
  await ask("GET", `/v1/tables/${table}/rows?page=1`);
  await ask("GET", `/v1/tables/${table}/rows?page=2`);
  await ask("GET", `/v1/tables/${table}/fields?refresh=1`);
  await ask("GET", "/v1/tables?q=zero&refresh=1");
  await ask("GET", "/v1/query-activities?refresh=1");
  await ask("GET", `/v1/query-activities/${planted.queryKey}`);
  const query = queryWith(world, planted);
  for (const validate of [false, true])
    await ask("POST", "/v1/sql/check", { body: { ...query, validate }, expected: [422, 503] });
  await ask("POST", "/v1/runs", { body: { sql: `${query.sql}; DROP TABLE x` }, expected: [422] });
}

/** Waits for a run's end. @throws when it is another than is expected, because then the act has not shown what it should */
async function mustEnd(world: World, id: string, expected: "ready" | "failed", token?: string): Promise<void> {
  const status = await overRun(world, id, token);
  if (status !== expected) {
    const shown = world.collected
      .findLast(({ place }) => place === id)
      ?.content.toString()
      .slice(0, 500);
    throw new Error(`Run ${id} is ${status}, not ${expected}: ${shown}`);
  }
}
