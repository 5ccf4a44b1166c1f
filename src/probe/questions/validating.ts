import { validateQuery, type Validation } from "#mce/rest/validate.ts";
import type { Answer } from "#mce/failure.ts";
import { clip } from "#lang/clip.ts";
import { lineOf } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";

/** What Marketing Cloud's own check says of texts, beside what saving them says. */
export async function askValidate(probing: Probing): Promise<void> {
  const { book, known } = probing;
  const { sql, table } = known;
  if (sql === undefined || table === undefined) return;
  const plain = await check(probing, "a query that can be saved", sql);
  if (!plain.ok) {
    if (plain.error.kind === "unavailable") book.settle({ validateAnswers: false });
    return;
  }
  book.settle({ validateAnswers: true });
  await check(probing, "an unknown column", `SELECT NoSuchField FROM [${table.name}]`);
  await check(probing, "WITH", `WITH c AS (${sql}) SELECT N, T FROM c`);
  const ordered = await check(probing, "ORDER BY without TOP", `SELECT N, T FROM (${sql}) AS q ORDER BY N`);
  if (ordered.ok) book.settle({ validateTakesOrder: ordered.value.valid });
}

async function check(probing: Probing, what: string, sql: string): Promise<Answer<Validation>> {
  const { mce, book, signal } = probing;
  const question = `REST validate: ${what}`;
  const answer = await steadily(probing, () => validateQuery(mce, { sql, signal }));
  if (!answer.ok) {
    const isDown = answer.error.kind === "unavailable";
    book.note(isDown ? { question, answer: "no answer", text: answer.error.message } : lineOf(question, answer));
    return answer;
  }
  const { valid, errors, warnings } = answer.value;
  const text = clip([...errors, ...warnings].join(" / "), 400);
  book.note({ question, answer: valid ? "valid" : "not valid", ...(text !== "" && { text }) });
  return answer;
}
