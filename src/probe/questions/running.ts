import { isQueryRunning } from "#mce/rest/is-running.ts";
import { readFirstRows } from "#mce/soap/first-rows.ts";
import { performQuery } from "#mce/soap/perform.ts";
import { child, childrenOf, textAt, type XmlElement } from "#mce/soap/parse.ts";
import { retrieve } from "#mce/soap/retrieve.ts";
import { lineOf } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";
import { readRun } from "../read-run.ts";
import { linesOfRun } from "../run-lines.ts";
import { progressOf, watchRun, type Sight } from "../watch.ts";

/** Runs the first query, and tells how its status row, `isrunning` and its rows went together. */
export async function askFirstRun(probing: Probing): Promise<void> {
  const { mce, book, known, platform } = probing;
  const { table, query } = known;
  if (table === undefined || query === undefined) return;
  const performed = await performQuery(mce, { objectId: query.objectId });
  if (!performed.ok) return book.note(lineOf("Performing a query", performed));
  const { taskId } = performed.value;
  known.taskIds.push(taskId);
  const sights = await watchRun(probing, { run: { taskId, query, table }, maxMs: 210_000, maxCalls: 42 });
  const found = readRun(sights);
  const { endMs, rowsMs } = progressOf(sights);
  book.settle(found);
  for (const line of linesOfRun(sights)) book.note(line);
  if (endMs !== undefined) known.overAt = platform.monotonic();
  if (rowsMs !== undefined) known.plainMs = Math.min(rowsMs, endMs ?? rowsMs);
  if (endMs !== undefined) await askRowsBySoap(probing, sights);
  await askStatusRow(probing, taskId);
  await askIsRunningByKey(probing);
}

/** Rows by SOAP: the second way where a rowset does not answer; and whether they have their number. */
async function askRowsBySoap(probing: Probing, sights: readonly Sight[]): Promise<void> {
  const { mce, book, known } = probing;
  const customerKey = known.table?.customerKey ?? "";
  const columns = ["N", "T"];
  const plain = await steadily(probing, () => readFirstRows(mce, { customerKey, columns }));
  book.note({ ...lineOf("Rows by SOAP", plain), ...(plain.ok && { answer: `${plain.value.items.length} rows` }) });
  const last = sights.findLast(({ rows }) => rows !== undefined)?.rows;
  const { rowsMs } = progressOf(sights);
  // The run is known to have made rows; the rowset has had its time.
  if (rowsMs !== undefined) book.settle({ rowsetDown: null });
  else if (plain.ok && plain.value.items.length > 0 && last?.kind === "refused")
    book.settle({ rowsetDown: last.status });
  const numbered = await readFirstRows(mce, { customerKey, columns: [...columns, "_CustomObjectKey"] });
  book.note(lineOf("_CustomObjectKey as a column of rows by SOAP", numbered));
  if (numbered.ok) book.settle({ soapRowKey: "taken" });
  else if (numbered.error.kind === "rejected") book.settle({ soapRowKey: "refused" });
}

/** What a status row has and leaves out. The first query is over; its row has no error. */
async function askStatusRow(probing: Probing, taskId: string): Promise<void> {
  const { mce, book, known } = probing;
  const found = await steadily(probing, () =>
    retrieve(mce, {
      objectType: "AsyncActivityStatus",
      properties: ["TaskID", "CustomerKey", "Status", "ErrorMsg"],
      filter: { property: "TaskID", equals: taskId },
    }),
  );
  if (!found.ok) return book.note(lineOf("Values of the status row", found));
  const [row] = found.value;
  if (row === undefined) return book.note({ question: "Values of the status row", answer: "no row", isOpen: true });
  const key = valueOf(row, "CustomerKey");
  const error = valueOf(row, "ErrorMsg");
  book.note({ question: "CustomerKey of the status row", answer: keyAnswer(key, known.query?.customerKey) });
  book.note({
    question: "ErrorMsg of the status row of a good run",
    answer: error === "absent" ? "without Value" : error === "empty" ? "empty" : "a text",
  });
  book.settle({ statusWithoutKeys: key === "absent" || key === "empty" });
  if (error === "absent" || error === "empty") book.settle({ statusValueLeftOut: error === "absent" });
}

function keyAnswer(key: ReturnType<typeof valueOf>, own: string | undefined): string {
  if (typeof key === "string") return key;
  return key.text.trim() === own ? "the query's" : "another text";
}

function valueOf(row: XmlElement, name: string): "absent" | "empty" | { text: string } {
  const property = childrenOf(child(row, "Properties"), "Property").find((it) => textAt(it, "Name") === name);
  const value = child(property, "Value");
  if (value === undefined) return "absent";
  return value.text.trim() === "" ? "empty" : { text: value.text };
}

async function askIsRunningByKey({ mce, book, known, allowance }: Probing): Promise<void> {
  const asked = await isQueryRunning(mce, { objectId: known.query?.customerKey ?? "" });
  book.note(lineOf("isrunning by customer key", asked));
  const status = allowance.lastStatus("REST isrunning");
  if (!asked.ok && status !== undefined && status < 500) book.settle({ isRunningKeyStatus: status });
}
