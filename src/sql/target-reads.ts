import { diagnosticsOf, type Diagnostic } from "./diagnostic.ts";
import { targetReadFindings, type Target } from "./lint/tables.ts";
import { readText } from "./query.ts";

/**
 * The places where a query reads the Data Extension it writes into, wherever they stand (subqueries, UNION, EXISTS,
 * APPLY); in a text that is not understood every word that could be its name.
 */
export function targetReads(sql: string, target: Omit<Target, "mode">): Diagnostic[] {
  const query = readText(sql);
  return diagnosticsOf(query.lines, targetReadFindings(query, { ...target, mode: "overwrite" }));
}
