import { askedText } from "#sql/asked-text.ts";
import { checkGuarded, type Checked } from "#sql/check.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { readGuarded } from "#sql/query.ts";
import { shapeOf } from "#sql/shape.ts";
import { sourcesOf } from "#sql/sources.ts";
import { targetReads } from "#sql/target-reads.ts";
import { ownWords } from "#sql/text/own-words.ts";
import { everythingKnown, wideFieldsOf } from "./hostile-texts.ts";

/** Guard and check of a text, with all that may be known of it. */
export function checkAll(sql: string): Checked {
  const guarded = readGuarded(sql);
  if (guarded.ok) {
    tablesToAsk(guarded.query);
    askedText(guarded.query);
  }
  return checkGuarded(guarded, wideFieldsOf, everythingKnown);
}

/** What a run asks of a text beyond its check. */
export function planAll(text: string, { sql = text }: Pick<Checked, "sql">): void {
  sourcesOf(sql);
  targetReads(text, { name: "Target" });
  shapeOf(text);
  ownWords(text);
}
