import { textTable } from "#cli/format/text-table.ts";
import type { Run } from "#client/run.ts";
import { faint, heading, indent, reason } from "./speech.ts";
import type { Stage } from "./stage.ts";
import { watch } from "./watch.ts";

/**
 * A query of the caller's own: its statuses and its first page.
 *
 * @param onRun is told of the run when it is submitted
 * @throws when it does not become ready
 */
export async function ownAct(
  { client, say }: Pick<Stage, "client" | "say">,
  sql: string,
  onRun?: (run: Run) => void,
): Promise<void> {
  say(`\n${heading("A query")}\n${indent(sql.split("\n"))}`);
  say(`\n${heading("What the browser receives")} ${faint("(server-sent events)")}`);
  let tell = onRun;
  const { run } = await watch(client, { sql, snippetName: "Demo" }, say, async (seen) => {
    tell?.(seen);
    tell = undefined;
  });
  if (run.state.status !== "ready") throw new Error(`The run ended ${run.state.status}: ${reason(run.state)}`);
  const page = await run.page();
  const count = page.totalRows === undefined ? "" : ` ${faint(`(${page.totalRows} rows)`)}`;
  say(`\n${heading(`Page ${page.page} of ${page.pages}`)}${count}`);
  say(indent(textTable(page)));
}
