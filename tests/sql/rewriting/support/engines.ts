import type { TableField } from "#sql/fields.ts";
import { check } from "#sql/check.ts";
import { openEngine, type Engine } from "../../../../sandbox/engine/engine.ts";

/** The business unit and the time of every query. */
export const scope = { mid: 1, eid: 1, now: Date.UTC(2026, 10, 24) };

/** Tables by name, and their rows. */
export type Tables = Readonly<
  Record<string, { fields: readonly TableField[]; rows: readonly (readonly (string | null)[])[] }>
>;

/** One set of tables as SQL Server would read it, and as MCE does. */
export type Engines = { server: Engine; mce: Engine; tables: Tables; close(): void };

/** Opens both over the same rows. */
export function openEngines(tables: Tables): Engines {
  const server = openEngine({ rules: "off" });
  const mce = openEngine();
  for (const engine of [server, mce]) {
    for (const [name, { fields, rows }] of Object.entries(tables)) {
      engine.createTable(
        1,
        name,
        fields.map((field) => ({ ...field, isRequired: false, isPrimaryKey: false })),
      );
      const applied = engine.insertRows(1, name, rows);
      if (applied.kind !== "applied") throw new Error(applied.message);
    }
  }
  return {
    server,
    mce,
    tables,
    close() {
      server.close();
      mce.close();
    },
  };
}

export type Rows = { names: string[]; rows: (string | null)[][] };

/** The rows of a query, or the engine's refusal as one text. */
export function rowsOf(engine: Engine, sql: string): Rows | string {
  const answer = engine.select(sql, scope);
  return answer.kind === "rows"
    ? { names: answer.columns.map(({ name }) => name), rows: answer.rows }
    : `${answer.unsupported === true ? "unsupported: " : ""}${answer.message}`;
}

/** What a check makes of a query over these tables. */
export function checked(sql: string, { tables }: Pick<Engines, "tables">, more: Parameters<typeof check>[2] = {}) {
  const known = new Map(Object.entries(tables).map(([name, { fields }]) => [name.toLowerCase(), fields]));
  return check(sql, ({ name, ent }) => (ent ? undefined : known.get(name.toLowerCase())), more);
}

const asText = (row: readonly (string | null)[]) => JSON.stringify(row);

/** The rows in an order of their own, for results whose order nobody promises. */
export function unordered(rows: readonly (readonly (string | null)[])[]): string[] {
  return rows.map(asText).sort();
}

/** The rows of a look in the order of their numbers, without what is hidden, and the count they carry. */
export function lookedAt({ names, rows }: Rows): { names: string[]; rows: (string | null)[][]; count: number } {
  const sorted = rows.toSorted((one, other) => Number(one.at(-2)) - Number(other.at(-2)));
  const isNumbered = sorted.every((row, index) => Number(row.at(-2)) === index + 1);
  if (!isNumbered) throw new Error(`Rows are numbered ${sorted.map((row) => row.at(-2)).join()}`);
  return {
    names: names.slice(0, -2),
    rows: sorted.map((row) => row.slice(0, -2)),
    count: Number(rows[0]?.at(-1) ?? 0),
  };
}
