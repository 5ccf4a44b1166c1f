import { diagnosticsOf, type Diagnostic } from "./diagnostic.ts";
import { targetReadFindings, type Target } from "./lint/tables.ts";
import { linesOf } from "./text/positions.ts";

/**
 * The places where a query reads the Data Extension it writes into, wherever they stand (subqueries, UNION, EXISTS,
 * APPLY); in a text the parser does not know every word that could be its name.
 */
export function targetReads(sql: string, target: Omit<Target, "mode">): Diagnostic[] {
  return diagnosticsOf(linesOf(sql), targetReadFindings(sql, { ...target, mode: "overwrite" }));
}
