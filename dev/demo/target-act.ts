import { textTable } from "#cli/format/text-table.ts";
import { faint, heading, indent, reason } from "./speech.ts";
import type { Stage } from "./stage.ts";
import { watch } from "./watch.ts";
import { readTestimony } from "./witness.ts";

const sql = `SELECT TOP 5
  c.CustomerKey, c.EmailAddress, c.FirstName,
  SUM(o.Total) AS Revenue
FROM Customers c
JOIN Orders o ON o.CustomerKey = c.CustomerKey
WHERE c.IsVIP = 1
GROUP BY c.CustomerKey, c.EmailAddress, c.FirstName
ORDER BY Revenue DESC`;
const target = { customerKey: "VIP Audience", mode: "overwrite" } as const;

/** A SELECT into the user's Data Extension: it is written once and otherwise unchanged; only the query is deleted. */
export async function targetAct({ client, sandbox, say }: Stage): Promise<void> {
  say(`\n${heading(`A query into the Data Extension "${target.customerKey}"`)} ${faint(`(mode ${target.mode})`)}`);
  say(`${indent(sql.split("\n"))}\n`);
  const { run } = await watch(client, { sql, snippetName: "VIP audience", target }, say);
  if (run.state.status !== "ready") throw new Error(`The run ended ${run.state.status}: ${reason(run.state)}`);
  const page = await run.page();
  say(`\n${heading("What the target holds now")} ${faint(`(${page.totalRows} rows)`)}`);
  say(indent(textTable(page)));
  const { queries, applied } = await readTestimony(sandbox, run.id);
  if (queries.length > 0) throw new Error(`The Query Activity ${queries.join(", ")} was left behind`);
  if (applied !== 1) throw new Error(`Marketing Cloud wrote into the target ${applied} times instead of once`);
  say(`\n  Written once; ${faint("the Query Activity is deleted, the Data Extension is otherwise unchanged")}`);
}
