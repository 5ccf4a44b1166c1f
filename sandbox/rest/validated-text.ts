import type { QueryDefinition } from "../entities.ts";
import type { Place } from "../query-checks.ts";
import { scopeOf } from "../world.ts";

/**
 * What the service makes of a query's text (FACTS 8.1): one INSERT that selects the named columns from the text as a derived
 * table. The names inside the text stay as they are; the service puts `C{MID}.` before each.
 */
export function validatedText(query: QueryDefinition, place: Place): string {
  const { world, now } = place;
  const checked = world.engine.check(query.queryText, scopeOf(world, place, now));
  if (checked.kind === "refused") return query.queryText;
  const columns = checked.columns.map(({ name }) => `[${name.replaceAll("]", "]]")}]`);
  return (
    `SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; ` +
    `INSERT INTO C${query.targetMid}.[${query.targetName}] (${columns.join(", ")}) ` +
    `SELECT ${columns.map((it) => `querydef.${it}`).join(", ")} FROM (${query.queryText}) AS querydef; ` +
    `SELECT @rcInsert = @@ROWCOUNT;`
  );
}
