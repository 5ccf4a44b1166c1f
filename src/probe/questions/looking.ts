import { checkGuarded } from "#sql/check.ts";
import { readGuarded } from "#sql/query.ts";
import { lineOf, verdictOf, type Findings, type Verdict } from "../findings.ts";
import { performQuery } from "#mce/soap/perform.ts";
import type { Probing } from "../probing.ts";
import { fields, makeQuery, makeTable, trySaving, type Made } from "../room.ts";
import { progressOf, watchRun } from "../watch.ts";

/** Saves and runs the first query as the look that the engine would make of it (D44), and tells which part is refused. */
export async function askLook(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const { sql } = known;
  if (sql === undefined) return;
  const guarded = readGuarded(`${sql} ORDER BY N`);
  const look = guarded.ok ? checkGuarded(guarded, () => undefined).look : undefined;
  if (look === undefined) return book.note({ question: "A look", answer: "not settled: no text", isOpen: true });
  const hidden = [look.order, look.count].map((name) => ({ name, fieldType: "Number" }) as const);
  const table = await makeTable(room, { fields: [...fields, ...hidden] });
  if (!table.ok) return book.note(lineOf("A Data Extension for a look", table));
  await askParts(probing, sql, table.value, look.order);
  const made = await makeQuery(room, { sql: look.sql, target: table.value });
  const verdict = verdictOf(made);
  book.note(lineOf("A look: the whole text", made));
  if (verdict !== undefined) book.settle({ look: verdict });
  if (made.ok) await time(probing, made.value, table.value);
}

async function askParts({ room, book }: Probing, sql: string, target: Made, order: string): Promise<void> {
  const parts: { question: string; sql: string; settle?: (verdict: Verdict) => Findings }[] = [
    {
      question: "names of a derived table's columns behind it",
      sql: `SELECT q.a AS N, q.b AS T FROM (${sql}) AS q (a, b)`,
    },
    {
      question: "ORDER BY an alias",
      sql: `SELECT TOP 8 q.N, q.T, q.N * 2 AS [${order}] FROM (${sql}) AS q ORDER BY [${order}]`,
    },
    {
      question: "ROW_NUMBER",
      sql: `SELECT q.N, q.T, ROW_NUMBER() OVER (ORDER BY q.N) AS [${order}] FROM (${sql}) AS q`,
      settle: (numbering) => ({ numbering }),
    },
    { question: "COUNT(*) OVER ()", sql: `SELECT q.N, q.T, COUNT(*) OVER () AS [${order}] FROM (${sql}) AS q` },
  ];
  for (const { question, sql: text, settle } of parts) {
    const saved = await trySaving(room, { sql: text, target });
    const verdict = verdictOf(saved);
    book.note(lineOf(`A look: ${question}`, saved));
    if (verdict !== undefined && settle !== undefined) book.settle(settle(verdict));
  }
}

/** How long the look runs, beside the plain text. */
async function time(probing: Probing, query: Made, table: Made): Promise<void> {
  const { mce, book, known } = probing;
  const performed = await performQuery(mce, { objectId: query.objectId });
  if (!performed.ok) return book.note(lineOf("Performing a look", performed));
  const { taskId } = performed.value;
  known.taskIds.push(taskId);
  const sights = await watchRun(probing, {
    run: { taskId, query, table },
    maxMs: 100_000,
    maxCalls: 24,
    firstMs: (known.plainMs ?? 0) / 2,
  });
  const { rowsMs, endMs, hasFailed } = progressOf(sights);
  const took =
    rowsMs === undefined && endMs === undefined ? undefined : Math.min(rowsMs ?? Infinity, endMs ?? Infinity);
  const seconds = (ms: number | undefined) => (ms === undefined ? "not seen to end" : `${(ms / 1000).toFixed(1)} s`);
  const answer = hasFailed ? "failed" : seconds(took);
  book.note({ question: "A look: its time", answer: `${answer}; the plain text: ${seconds(known.plainMs)}` });
  if (hasFailed) book.settle({ look: "refused" });
}
