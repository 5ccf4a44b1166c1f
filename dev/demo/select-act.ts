import { styleText } from "node:util";
import { textTable } from "#cli/format/text-table.ts";
import { faint, heading, indent, reason, seconds } from "./speech.ts";
import type { Stage } from "./stage.ts";
import { watch, type Watched } from "./watch.ts";
import { readTestimony } from "./witness.ts";

const sql = `SELECT TOP 10
  c.FirstName, c.LastName, c.Country,
  COUNT(*) AS Orders,
  SUM(o.Total) AS Revenue
FROM Customers c
JOIN Orders o ON o.CustomerKey = c.CustomerKey
WHERE o.Status <> 'Cancelled'
GROUP BY c.CustomerKey, c.FirstName, c.LastName, c.Country
ORDER BY Revenue DESC`;

/** A SELECT into its own table: statuses, first page, what is left in MCE, how long it took. */
export async function selectAct({ client, sandbox, say }: Stage): Promise<void> {
  say(`\n${heading("A query")}\n${indent(sql.split("\n"))}`);
  say(`\n${heading("What the browser receives")} ${faint("(server-sent events)")}`);
  const watched = await watch(client, { sql, snippetName: "Top customers" }, say);
  const { run } = watched;
  if (run.state.status !== "ready") throw new Error(`The run ended ${run.state.status}: ${reason(run.state)}`);

  const page = await run.page();
  if (page.rows.length === 0) throw new Error("The run is ready, but its first page has no rows");
  const order = "in the query's order, which Marketing Cloud does not keep";
  say(`\n${heading(`Page ${page.page} of ${page.pages}`)} ${faint(`(${page.totalRows} rows; ${order})`)}`);
  say(indent(textTable(page)));
  await sayCleanUp({ sandbox, say }, watched);
}

async function sayCleanUp({ sandbox, say }: Pick<Stage, "sandbox" | "say">, watched: Watched): Promise<void> {
  const { run, startedAt, endedAt } = watched;
  const { queries, dataExtensions, doneAt, callsToPerform } = await readTestimony(sandbox, run.id);
  if (queries.length > 0) throw new Error(`The Query Activity ${queries.join(", ")} was left behind`);
  if (doneAt === undefined) throw new Error("Marketing Cloud never finished the query, but the run is ready");
  const { expiresAt } = run.state;
  const until = expiresAt === undefined ? "" : ` until ${expiresAt.slice(0, 16).replace("T", " ")} UTC, then deleted`;
  say(`\n${heading("What is left in Marketing Cloud")}`);
  say("  Query Activity   none; it was deleted when the run was ready");
  say(`  Data Extension   ${dataExtensions.join(", ") || "none"}, readable${until}`);
  say(`\n${heading("How long it took")}`);
  say(`  ${callsToPerform} calls until the query started ${faint("(including the token and the folders)")}`);
  say(`  Marketing Cloud had finished after ${seconds(doneAt - startedAt)}`);
  say(`  and the run was ready ${styleText("green", `${seconds(Math.max(0, endedAt - doneAt))} later`)}`);
}
