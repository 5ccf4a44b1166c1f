import advice from "../lint/advice.prose.json" with { type: "json" };
import { said } from "../lint/said.ts";
import type { Remark } from "../diagnostic.ts";

/** Statement verbs by why they cannot run; all are reserved in T-SQL, so a legal SELECT has them only inside brackets or quotes. */
const verbs = new Map(Object.entries(advice.verbs));

const remote = new Set(["OPENROWSET", "OPENQUERY", "OPENDATASOURCE"]);

/** Reserved verbs that also have a harmless meaning before these words: join and query hints. */
const harmless: Readonly<Record<string, readonly string[]>> = { MERGE: ["JOIN", "UNION"], USE: ["HINT", "PLAN"] };

/** What is wrong with this word, upper-cased, inside a SELECT; nothing for most words. */
export function forbidden(word: string, next: string): Remark | undefined {
  if (word === "INTO") return said("SELECT_INTO");
  if (word === "OPENXML" && next === "(") return said("NOT_A_SELECT:openxml");
  if (word === "BROWSE") return said("FOR_BROWSE");
  if (remote.has(word)) return said("REMOTE_DATA", word);
  const why = verbs.get(word);
  if (why === undefined || harmless[word]?.includes(next) === true) return undefined;
  const remark = { code: "NOT_A_SELECT", message: `${word} cannot run here: ${why}` };
  return word === "IF" && next === "(" ? { ...remark, fix: "Use IIF(condition, yes, no)" } : remark;
}

/** A text may begin with a string of any length. */
const maxShown = 40;

/** Why a text beginning with this word, upper-cased, is no SELECT. */
export function notASelect(word: string): Remark {
  if (word === "WITH") return said("CTE");
  const why = verbs.get(word) ?? "the text must begin with SELECT";
  return { code: "NOT_A_SELECT", message: `${word.slice(0, maxShown)} cannot run here: ${why}` };
}
