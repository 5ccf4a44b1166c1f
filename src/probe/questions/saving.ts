import { isMute } from "#mce/reason.ts";
import { lineOf, verdictOf, type Findings, type Verdict } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";
import { dropQuery, makeQuery, nextKey, trySaving } from "../room.ts";

/** A few rows that come from no table. */
const withoutFrom = [7, 3, 8, 1, 6, 2, 5, 4]
  .map((n, index) => (index === 0 ? `SELECT ${n} AS N, 'row ${n}' AS T` : `SELECT ${n}, 'row ${n}'`))
  .join(" UNION ALL ");
/** Where a SELECT needs FROM: a view that every account has. */
const withFrom = "SELECT TOP 8 JobID AS N, 'row' AS T FROM _Job";

/** Saves the first query, which the run questions need. */
export async function askFirstQuery(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const { table } = known;
  if (table === undefined) return;
  const bare = await steadily(probing, () => makeQuery(room, { sql: withoutFrom, target: table }));
  const verdict = verdictOf(bare);
  book.note(lineOf("SELECT without FROM, joined by UNION ALL", bare));
  if (verdict !== undefined) book.settle({ withoutFrom: verdict });
  const made = bare.ok ? bare : await steadily(probing, () => makeQuery(room, { sql: withFrom, target: table }));
  if (!made.ok) return book.note(lineOf("SELECT from _Job", made));
  known.query = made.value;
  known.sql = bare.ok ? withoutFrom : withFrom;
}

/** What a text says that is wrong, by both ways to save it: who gives the reason? */
export async function askReasons(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const { table } = known;
  if (table === undefined) return;
  const draft = { sql: `SELECT NoSuchField AS N, 'x' AS T FROM [${table.name}]`, target: table };
  const bySoap = await trySaving(room, { ...draft, by: "soap" });
  book.note(lineOf("A query with an unknown column, saved by SOAP", bySoap));
  if (!bySoap.ok && bySoap.error.kind === "rejected") book.settle({ soapReasons: !isMute(bySoap.error.message) });
  const byRest = await trySaving(room, { ...draft, by: "rest" });
  book.note(lineOf("A query with an unknown column, saved by REST", byRest));
  if (!byRest.ok && byRest.error.kind === "rejected") book.settle({ restReasons: !isMute(byRest.error.message) });
}

/** What of a query is taken when it is saved. */
export async function askTexts(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const { table, sql } = known;
  if (table === undefined || sql === undefined) return;
  const texts: { question: string; sql: string; settle?: (verdict: Verdict) => Findings }[] = [
    { question: "WITH", sql: `WITH c AS (${sql}) SELECT N, T FROM c`, settle: (cte) => ({ cte }) },
    {
      question: "A text that begins with a parenthesis",
      sql: `(${sql})`,
      settle: (leadingParenthesis) => ({ leadingParenthesis }),
    },
    {
      question: "ORDER BY without TOP",
      sql: `SELECT N, T FROM (${sql}) AS q ORDER BY N`,
      settle: (orderWithoutTop) => ({ orderWithoutTop }),
    },
    {
      question: "An Overwrite that reads its own target",
      sql: `SELECT N, T FROM [${table.name}]`,
      settle: (ownTarget) => ({ ownTarget }),
    },
  ];
  for (const { question, sql: text, settle } of texts) {
    const saved = await trySaving(room, { sql: text, target: table });
    const verdict = verdictOf(saved);
    book.note(lineOf(`Saving: ${question}`, saved));
    if (verdict !== undefined && settle !== undefined) book.settle(settle(verdict));
  }
}

/** What a query's name or key says that is taken, or of another script. */
export async function askQueryNames(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const { table, sql, query } = known;
  if (table === undefined || sql === undefined || query === undefined) return;
  const draft = { sql, target: table };
  const sameName = await makeQuery(room, { ...draft, name: query.name });
  const verdict = verdictOf(sameName);
  book.note(lineOf("A query of a name that is taken", sameName));
  if (verdict !== undefined) book.settle({ sameQueryName: verdict });
  if (sameName.ok) await dropQuery(room, sameName.value);
  const sameKey = await makeQuery(room, { ...draft, key: query.customerKey, name: nextKey(room) });
  book.note(lineOf("A query of a key that is taken", sameKey));
  if (sameKey.ok && sameKey.value.objectId !== query.objectId) await dropQuery(room, sameKey.value);
  const foreign = await trySaving(room, { ...draft, name: `QPP Probe 顧客 ${room.id}` });
  book.note(lineOf("A query with letters of another script in its name", foreign));
}
