import { styleText } from "node:util";
import type { DemoRun } from "./api.ts";
import { openApi } from "./api.ts";
import { table } from "./table.ts";
import { hear } from "./witness.ts";

export type Listener = (line: string) => void;

const sql = `SELECT TOP 10
  c.FirstName, c.LastName, c.Country,
  COUNT(*) AS Orders,
  SUM(o.Total) AS Revenue
FROM Customers c
JOIN Orders o ON o.CustomerKey = c.CustomerKey
WHERE o.Status <> 'Cancelled'
GROUP BY c.CustomerKey, c.FirstName, c.LastName, c.Country
ORDER BY Revenue DESC`;

const heading = (text: string) => styleText("bold", text);
const faint = (text: string) => styleText("dim", text);
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/**
 * Runs one SELECT through the public API as alice and tells what happens, line by line.
 *
 * @throws with a clear line when the run does not end ready, or leaves something behind
 */
export async function tell(where: { edge: string; sandbox: string; token: string }, say: Listener): Promise<void> {
  const api = openApi(where.edge, where.token);
  say(`\n${heading("The query")}\n${indent(sql.split("\n"))}`);
  say(`\n${heading("What the browser hears")} ${faint("(server-sent events)")}`);
  const startedAt = Date.now();
  const submitted = await api.submit(sql, "Top customers");
  let last = submitted;
  let readyAt = startedAt;
  sayStatus(submitted, 0, say, false);
  for await (const run of api.events(submitted)) {
    readyAt = Date.now();
    sayStatus(run, readyAt - startedAt, say, run.columns !== undefined && last.columns === undefined);
    last = run;
  }
  if (last.status !== "ready") throw new Error(`The run ended ${last.status}: ${reason(last)}`);

  const page = await api.firstPage(last);
  if (page.rows.length === 0) throw new Error("The run is ready, but its first page has no rows");
  say(
    `\n${heading(`Page ${page.page} of ${page.pages}`)} ${faint(`(${page.totalRows} rows; Marketing Cloud keeps no order)`)}`,
  );
  say(indent(table(page)));

  await sayCleanUp(where.sandbox, last, { startedAt, readyAt }, say);
}

async function sayCleanUp(
  sandbox: string,
  run: DemoRun,
  { startedAt, readyAt }: { startedAt: number; readyAt: number },
  say: Listener,
): Promise<void> {
  const { queries, dataExtensions, doneAt, callsToPerform } = await hear(sandbox, run.id);
  if (queries.length > 0) throw new Error(`The Query Activity ${queries.join(", ")} was left behind`);
  if (doneAt === undefined) throw new Error("Marketing Cloud never finished the query, and yet the run is ready");
  const until =
    run.expiresAt === undefined ? "" : ` until ${run.expiresAt.slice(0, 16).replace("T", " ")} UTC, then goes`;
  say(`\n${heading("What is left in Marketing Cloud")}`);
  say("  Query Activity   none, it went when the run was ready");
  say(`  Data Extension   ${dataExtensions.join(", ") || "none"}, readable${until}`);
  say(`\n${heading("How long it took")}`);
  say(`  ${callsToPerform} calls until the query started ${faint("(folders and token asked for the first time)")}`);
  say(`  Marketing Cloud had finished after ${seconds(doneAt - startedAt)}`);
  say(`  and ready came ${styleText("green", `${seconds(Math.max(0, readyAt - doneAt))} later`)}`);
}

function sayStatus(run: DemoRun, ms: number, say: Listener, hasNewColumns: boolean): void {
  const colour = run.status === "ready" ? "green" : run.status === "failed" ? "red" : "cyan";
  const time = faint(seconds(ms).padStart(9));
  const columns = hasNewColumns ? ` · ${run.columns?.map(({ name, type }) => `${name} ${type}`).join(", ")}` : "";
  say(`${time}  ${styleText(colour, run.status.padEnd(8))} ${describe(run)}${faint(columns)}`.trimEnd());
}

function describe(run: DemoRun): string {
  if (run.status === "ready") return `${run.rowCount ?? "?"} rows`;
  return run.status === "failed" ? reason(run) : (run.phase ?? "");
}

function reason({ error }: DemoRun): string {
  if (error === undefined) return "";
  return [error.title, error.detail, error.mce].filter((word) => word !== undefined).join("; ");
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
