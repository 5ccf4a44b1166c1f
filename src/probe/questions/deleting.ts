import { isQueryRunning } from "#mce/rest/is-running.ts";
import { readAsyncStatus, readAsyncStatuses } from "#mce/soap/async-status.ts";
import { readFirstRows } from "#mce/soap/first-rows.ts";
import { performQuery } from "#mce/soap/perform.ts";
import { lineOf } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";
import { dropQuery, makeQuery, makeTable, type Made } from "../room.ts";
import { seeRowset } from "../rowset.ts";
import { failureWords } from "../watch.ts";

/** Deletes a query while it runs, and sees whether its rows come all the same. */
export async function askDeleteWhileRunning(probing: Probing): Promise<void> {
  const { mce, room, book, known, platform } = probing;
  const { sql, plainMs } = known;
  if (sql === undefined || plainMs === undefined) return;
  const question = "A query that is deleted while it runs";
  const table = await makeTable(room);
  const query = table.ok ? await makeQuery(room, { sql, target: table.value }) : table;
  const performed = query.ok ? await performQuery(mce, { objectId: query.value.objectId }) : query;
  if (!table.ok || !query.ok || !performed.ok) return book.note(lineOf(question, performed));
  const from = platform.monotonic();
  const { taskId } = performed.value;
  known.taskIds.push(taskId);
  const hasBegun = await waitUntilRunning(probing, query.value, plainMs);
  const deleted = await dropQuery(room, query.value);
  if (!deleted.ok) return book.note(lineOf(question, deleted));
  const end = await waitForRows(probing, { taskId, table: table.value, waitMs: 2 * plainMs + 15_000 });
  const when = `${((platform.monotonic() - from) / 1000).toFixed(1)} s after Perform`;
  const state = hasBegun ? "isrunning was true" : "isrunning was not true yet";
  const words = { rows: "its rows came", failed: "its run failed", nothing: "neither rows nor an error came" };
  book.note({
    question,
    answer: `${words[end.kind]} (${when}; ${state})`,
    ...(end.text !== undefined && { text: end.text }),
  });
  book.settle({ deleteStopsQuery: end.kind !== "rows" });
}

/** Waits until the query runs; at most half as long as such a query takes, or it would be over. */
async function waitUntilRunning({ mce, platform, signal }: Probing, query: Made, plainMs: number): Promise<boolean> {
  const until = platform.monotonic() + plainMs / 2;
  const stepMs = Math.max(400, plainMs / 6);
  for (;;) {
    const asked = await isQueryRunning(mce, { objectId: query.objectId, signal });
    if (asked.ok && asked.value) return true;
    if (platform.monotonic() + stepMs >= until) return false;
    if (!(await platform.sleep(stepMs, signal))) return false;
  }
}

type End = { kind: "rows" | "failed" | "nothing"; text?: string };

async function waitForRows(
  probing: Probing,
  { taskId, table, waitMs }: { taskId: string; table: Made; waitMs: number },
): Promise<End> {
  const { mce, platform, allowance, signal } = probing;
  const until = platform.monotonic() + waitMs;
  for (let pause = 1000; ; pause = Math.min(pause * 1.5, 8000)) {
    const row = await readAsyncStatus(mce, { taskId, signal });
    const status = row.ok ? row.value : undefined;
    if (status !== undefined && failureWords.test(status.status)) return { kind: "failed", text: status.errorMsg };
    if (await hasRows(probing, table)) return { kind: "rows" };
    if (platform.monotonic() > until || !allowance.has(8)) return { kind: "nothing" };
    if (!(await platform.sleep(pause, signal))) return { kind: "nothing" };
  }
}

async function hasRows(probing: Probing, table: Made): Promise<boolean> {
  const { mce, book } = probing;
  if (typeof book.findings.rowsetDown !== "number") {
    const seen = await seeRowset(probing, table);
    return seen.kind === "rows" && seen.count > 0;
  }
  const bySoap = await readFirstRows(mce, { customerKey: table.customerKey, columns: ["N", "T"] });
  return bySoap.ok && bySoap.value.items.length > 0;
}

/** Whether one question gives the status of several runs, and how long rows stay. Rows are there from here on. */
export async function askStatusList(probing: Probing): Promise<void> {
  const { mce, book, known, platform, signal } = probing;
  const { taskIds, overAt } = known;
  const [first, ...more] = taskIds;
  if (first === undefined) return;
  const alone = await steadily(probing, () => readAsyncStatus(mce, { taskId: first, signal }));
  const age = overAt === undefined ? "" : ` ${Math.round((platform.monotonic() - overAt) / 1000)} s after its end`;
  const answer = alone.ok ? `${alone.value === undefined ? "gone" : "there"}${age}` : undefined;
  book.note({ ...lineOf("The status row of a run that is over", alone), ...(answer !== undefined && { answer }) });
  if (more.length === 0 || !alone.ok || alone.value === undefined) return;
  const together = await steadily(probing, () => readAsyncStatuses(mce, { taskIds: [first, ...more], signal }));
  const found = together.ok ? together.value.size : 0;
  const isKnown = together.ok || together.error.kind === "rejected";
  book.note({
    ...lineOf("Several TaskIDs in one IN", together),
    ...(together.ok && { answer: `${found} rows for ${taskIds.length}` }),
  });
  if (isKnown) book.settle({ statusTakesIn: found > 1 });
}
