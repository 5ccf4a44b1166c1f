import { tokensOf } from "../engine/rules/tokens.ts";
import type { QueryDefinition } from "../entities.ts";

/**
 * What the service makes of a query's text: one INSERT that selects the named columns from the text as a derived table,
 * with `C{MID}.` before each table of it (MCE 8.1, and the capture behind 5.5: its lines, and both semicolons at its end).
 *
 * @param eid the enterprise that has the tables with the prefix `Ent.`
 */
export function validatedText(query: QueryDefinition, eid: number): string {
  const { queryText, columns, targetMid, targetName, mid } = query;
  const names = columns.map((it) => `[${it.replaceAll("]", "]]")}]`);
  return [
    "SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;",
    "",
    `INSERT INTO C${targetMid}.[${targetName}] (${names.join(", ")})`,
    `SELECT ${names.map((it) => `querydef.${it}`).join(", ")}`,
    `FROM (${withAccounts(queryText, mid, eid)}) AS querydef `,
    "SELECT @rcInsert = @@ROWCOUNT;;",
    "",
  ].join("\r\n");
}

const table =
  /^((?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*)(ent\s*\.\s*)?(?:\[((?:[^\]]|\]\])+)\]|"([^"]+)"|([\p{L}_][\p{L}\p{N}_$#@]*))/iu;

/** The text with the account before each table that FROM, JOIN or a comma between tables names. */
function withAccounts(sql: string, mid: number, eid: number): string {
  let result = "";
  let from = 0;
  for (const at of tablePlaces(sql)) {
    const match = table.exec(sql.slice(at));
    if (match === null) continue;
    const [whole, before = "", ent, bracketed, quoted, plain] = match;
    result += `${sql.slice(from, at)}${before}C${ent === undefined ? mid : eid}.[${bracketed ?? quoted ?? plain ?? ""}]`;
    from = at + whole.length;
  }
  return result + sql.slice(from);
}

/** Where a table's name follows: after FROM, JOIN and APPLY, and after a comma in a FROM clause; not before a parenthesis. */
function tablePlaces(sql: string): number[] {
  const places: number[] = [];
  const clauses: string[] = [""];
  const due = (end: number) => {
    if (!/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(/.test(sql.slice(end))) places.push(end);
  };
  for (const { word, at } of tokensOf(sql)) {
    // FROM also occurs inside TRIM and similar functions.
    const isFrom = word === "FROM" && clauses.at(-1) === "SELECT";
    if (word === "(") clauses.push("");
    else if (word === ")") clauses.pop();
    else if (["SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "ON", "UNION", "FROM"].includes(word))
      clauses[clauses.length - 1] = word;
    if (isFrom || word === "JOIN" || (word === "," && ["FROM", "ON"].includes(clauses.at(-1) ?? "")))
      due(at + word.length);
  }
  return places;
}
