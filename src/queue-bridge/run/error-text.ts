import { clip } from "#lang/clip.ts";
import { maskValues } from "#mce/mask.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { SqlError } from "#sql/error-entry.ts";
import { ownWords } from "#sql/text/own-words.ts";

/** What MCE's message may repeat: the query's words outside its literals, and the names of its columns (R13). */
export type About = { sql?: string; columns?: readonly { name: string; field?: string | undefined }[] };

/** The user's own words that MCE's message may show. */
export function wordsOf({ sql = "", columns = [] }: About): ReturnType<typeof ownWords> {
  const names = columns.flatMap(({ name, field }) => (field === undefined ? [name] : [name, field]));
  return ownWords(sql, names);
}

/** MCE's message with row values masked (R13). */
export function masked(message: string, about: About): string {
  return maskValues(message, wordsOf(about));
}

/** MCE's text for the `mce` field: masked already, within its limit, absent when empty. */
export function mceText(shown: string): { mce?: string } {
  const text = clip(shown.trim(), 4000);
  return text === "" ? {} : { mce: text };
}

/** The catalogue's words, with the name the message mentions. */
export function catalogueText({ title, meaning, advice, name }: SqlError): Pick<RunError, "title" | "detail" | "fix"> {
  const about = name === undefined || name.includes("…") ? "" : `${clip(name, 128)}: `;
  return { title, detail: about + meaning, fix: advice };
}
