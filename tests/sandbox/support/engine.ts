import {
  openEngine,
  type Engine,
  type EngineOptions,
  type Field,
  type FieldType,
} from "../../../sandbox/engine/engine.ts";
import type { Value } from "../../../sandbox/engine/types.ts";

/** 2026-01-15 12:00:00 of the server's clock, which is 18:00 UTC. */
const now = Date.UTC(2026, 0, 15, 18);
export const scope = { mid: 1, eid: 1, now };

/** `Text(50)`, `Decimal(18,2)`, `Number! key`: a field's type, `!` when it is required, `key` when it is a primary key. */
export function field(name: string, described: string): Field {
  const [, type = "", size, scale, required, key] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?(!)?( key)?$/.exec(described) ?? [];
  return {
    name,
    // Tests write MCE's own names of types.
    fieldType: type as FieldType,
    ...(size === undefined ? {} : { maxLength: Number(size) }),
    ...(scale === undefined ? {} : { scale: Number(scale) }),
    isRequired: required !== undefined || key !== undefined,
    isPrimaryKey: key !== undefined,
  };
}

/** A table of an engine, from its described fields and rows. */
export function table(
  engine: Engine,
  name: string,
  fields: Record<string, string>,
  rows: readonly (readonly Value[])[] = [],
): void {
  engine.createTable(
    1,
    name,
    Object.entries(fields).map(([own, described]) => field(own, described)),
  );
  const answer = engine.insertRows(1, name, rows);
  if (answer.kind === "failed") throw new Error(`Cannot fill ${name}: ${answer.message}`);
}

/** An engine without MCE's rules, with CTEs, and with the tests' tables. */
export function openFilled(options: EngineOptions = { rules: "off", cte: true }): Engine {
  const engine = openEngine(options);
  table(
    engine,
    "People",
    {
      Id: "Number! key",
      Name: "Text(50)",
      City: "Text(30)",
      Age: "Number",
      Pay: "Decimal(10,2)",
      Born: "Date",
      Active: "Boolean",
    },
    [
      ["1", "Ann", "Berlin", "30", "100.50", "1994-02-28 00:00:00", "True"],
      ["2", "bob", "Paris", "25", "80.25", "1999-12-31 23:59:59", "False"],
      ["3", "Cid", "berlin ", null, null, null, null],
      ["4", "ÉMILE", "Paris", "41", "100.50", "1983-03-01 12:00:00", "True"],
      ["5", "emile", null, "30", "0.01", "1994-02-28 00:00:00", "False"],
    ],
  );
  table(
    engine,
    "Orders",
    {
      OrderId: "Number! key",
      PersonId: "Number",
      Item: "Text(20)",
      Qty: "Number",
      Price: "Decimal(18,4)",
      Placed: "Date",
    },
    [
      ["10", "1", "Pen", "3", "1.2500", "2026-01-01 00:00:00"],
      ["11", "1", "pen", "2", "1.2500", "2026-01-31 23:59:00"],
      ["12", "2", "Ink", "1", "9.9900", "2026-02-01 00:00:00"],
      ["13", "4", "Pad", "7", "0.3333", "2025-12-31 10:00:00"],
      ["14", null, "Box", null, null, null],
      ["15", "9", "Cap", "1", "5.0000", "2026-01-15 12:00:00"],
    ],
  );
  return engine;
}

/** A query's rows as text, values joined by `|`, NULL as `NULL`; a refusal as `! message`, one of the sandbox's own as `? message`. */
export function rows(engine: Engine, sql: string): string[] {
  const answer = engine.select(sql, scope);
  if (answer.kind === "refused")
    return [
      `${answer.unsupported === true ? "?" : "!"} ${answer.message.replace(/^An error occurred while checking the query syntax\. Errors: /, "")}`,
    ];
  return answer.rows.map((row) => row.map((value) => value ?? "NULL").join("|"));
}

/** The value of one expression. */
export function valueOf(engine: Engine, expression: string): string {
  return rows(engine, `SELECT ${expression} AS x`).join(" // ");
}

/** Whether a condition is true, false or unknown. */
export function verdictOf(engine: Engine, condition: string): string {
  return valueOf(engine, `CASE WHEN ${condition} THEN 'true' WHEN NOT (${condition}) THEN 'false' ELSE 'unknown' END`);
}
