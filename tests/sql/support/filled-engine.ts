import type { TableField } from "#sql/infer.ts";
import { openEngine, type Engine } from "../../../sandbox/engine/engine.ts";
import { fill } from "./filled.ts";

/** Where and when the queries run. */
const scope = { mid: 1, eid: 1, now: Date.UTC(2026, 10, 24) };

/**
 * An engine of the sandbox with these tables, twelve rows in each, without MCE's own rules: what SQL Server would say.
 *
 * It types and runs T-SQL by rules of its own: a witness that shares nothing with our reading.
 */
export function openFilled(tables: Readonly<Record<string, readonly TableField[]>>): Engine {
  const engine = openEngine({ rules: "off", cte: true });
  fill(engine, tables);
  return engine;
}

/** The names, without regard to case, and the rows a query gives, as one text; nothing where it does not run. */
export function rowsOf(engine: Engine, sql: string): string | undefined {
  const answer = engine.select(sql, scope);
  if (answer.kind !== "rows") return undefined;
  const rows = answer.rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)))
    .sort();
  return JSON.stringify([answer.columns.map(({ name }) => name.toLowerCase()), rows]);
}
