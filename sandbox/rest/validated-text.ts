import type { QueryDefinition } from "../entities.ts";

/**
 * What the service makes of a query's text (FACTS 8.1): one INSERT that selects the named columns from the text as a derived
 * table. The names inside the text stay as they are; the service puts `C{MID}.` before each.
 */
export function validatedText({ queryText, columns, targetMid, targetName }: QueryDefinition): string {
  const names = columns.map((it) => `[${it.replaceAll("]", "]]")}]`);
  return (
    `SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; ` +
    `INSERT INTO C${targetMid}.[${targetName}] (${names.join(", ")}) ` +
    `SELECT ${names.map((it) => `querydef.${it}`).join(", ")} FROM (${queryText}) AS querydef; ` +
    `SELECT @rcInsert = @@ROWCOUNT;`
  );
}
