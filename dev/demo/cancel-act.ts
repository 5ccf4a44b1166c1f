import { faint, heading, indent, seconds } from "./speech.ts";
import type { Stage } from "./stage.ts";
import { watch } from "./watch.ts";
import { readTestimony } from "./witness.ts";

const sql =
  "SELECT s.SubscriberKey, s.EventDate, o.EventDate AS OpenedAt FROM _Sent s JOIN _Open o ON o.JobID = s.JobID";

/** A query that is canceled while it executes: it ends at once for the user, and leaves nothing in MCE. */
export async function cancelAct({ client, sandbox, say }: Stage): Promise<void> {
  say(`\n${heading("A query, canceled while it executes")}\n${indent([sql])}\n`);
  let askedAt = 0;
  const { run, endedAt } = await watch(client, { sql, snippetName: "Too much" }, say, async (seen) => {
    if (seen.state.phase !== "executing" || askedAt > 0) return;
    askedAt = Date.now();
    await seen.cancel();
  });
  if (run.state.status !== "canceled") throw new Error(`The canceled run ended ${run.state.status}`);
  const { queries, dataExtensions } = await readTestimony(sandbox, run.id, { isAllGone: true });
  const left = [...queries, ...dataExtensions];
  if (left.length > 0) throw new Error(`The canceled run left behind: ${left.join(", ")}`);
  say(`  Canceled ${seconds(endedAt - askedAt)} after the click; ${faint("nothing of it is left in Marketing Cloud")}`);
}
