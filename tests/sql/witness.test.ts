import { afterEach, describe, expect, it } from "vitest";
import { inferColumns, type OutputColumn, type TableField } from "#sql/infer.ts";
import { openEngine, type Engine, type Field } from "../../sandbox/engine/engine.ts";
import { devCorpus, readCorpus } from "./support/corpus.ts";
import { fieldsIn } from "./support/fields-in.ts";
import { fieldsOf, infer } from "./support/tables.ts";
import { typeRows } from "./support/type-rows.ts";

/** The sandbox's engine types and runs T-SQL by rules of its own: a witness that shares nothing with inference. */
const scope = { mid: 1, eid: 1, now: Date.UTC(2026, 10, 24) };

/** A small generator of numbers, so that a failure comes again. */
function openDice(): (sides: number) => number {
  let state = 7;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % sides;
  };
}

function fieldOf({ name, fieldType, maxLength, precision, scale }: TableField | OutputColumn): Field {
  const size = precision ?? maxLength;
  return {
    name,
    fieldType,
    ...(size === undefined ? {} : { maxLength: size }),
    ...(scale === undefined ? {} : { scale }),
    isRequired: false,
    isPrimaryKey: false,
  };
}

/** A value that fills its field to the brim, or one small enough to meet others in joins. */
function valueFor(
  { fieldType, maxLength, precision, scale = 0 }: TableField,
  dice: (sides: number) => number,
): string | null {
  if (dice(10) === 0) return null;
  switch (fieldType) {
    case "Number":
      return dice(3) === 0 ? "2147483647" : String(dice(4) + 1);
    case "Decimal":
      return (
        "9".repeat(Math.max(1, (precision ?? (maxLength || 18)) - scale)) + (scale > 0 ? `.${"9".repeat(scale)}` : "")
      );
    case "Date":
      return `2026-1${dice(2)}-1${dice(10)} 10:11:12.000`;
    case "Boolean":
      return dice(2) === 0 ? "True" : "False";
    case "EmailAddress":
      return `${"a".repeat(Math.min(60, (maxLength || 254) - 6))}${dice(4)}@x.com`;
    case "Phone":
      return `+49123456${dice(9)}`;
    case "Locale":
      return "en-US";
    case "Text":
      return dice(3) === 0 ? "x".repeat(maxLength || 4000) : String(dice(4) + 1);
  }
}

function fill(engine: Engine, tables: Record<string, readonly TableField[]>): void {
  const dice = openDice();
  for (const [name, fields] of Object.entries(tables)) {
    engine.createTable(1, name, fields.map(fieldOf));
    const rows = Array.from({ length: 12 }, () => fields.map((field) => valueFor(field, dice)));
    expect(engine.insertRows(1, name, rows)).toEqual({ kind: "applied", rows: 12 });
  }
}

const engines: Engine[] = [];

afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

/** What comes of running a query into a table of its inferred columns: names and "applied", or why it does not run. */
function runInto(
  engine: Engine,
  inferred: { sql: string; columns: readonly OutputColumn[] },
): { names: string[]; ran: string } {
  const rows = engine.select(inferred.sql, scope);
  // Author's errors, values that do not convert, and what the sandbox cannot run are no business of the schema.
  if (rows.kind !== "rows") return { names: [], ran: "not run" };
  engine.createTable(1, "Result", inferred.columns.map(fieldOf));
  const applied = engine.run(inferred.sql, scope, { name: "Result", updateType: "Overwrite" });
  const isExact = rows.columns.map(({ name }) => name).join("|") === inferred.columns.map(({ name }) => name).join("|");
  return {
    names: isExact ? [] : rows.columns.map(({ name }) => name),
    ran: applied.kind === "applied" ? "applied" : applied.message,
  };
}

function openFilled(tables: Record<string, readonly TableField[]>): Engine {
  const engine = openEngine({ rules: "off", cte: true });
  engines.push(engine);
  fill(engine, tables);
  return engine;
}

const queries = readCorpus(devCorpus);

describe.skipIf(queries.length === 0)(
  "the rewritten queries in the sandbox (skipped without ../shared/sql-corpus)",
  () => {
    it("give exactly the inferred columns, and every value fits its field", { timeout: 120_000 }, () => {
      const outcomes = queries.map((query) => {
        const inferred = inferColumns(query.sql.replace(/;\s*$/, ""), fieldsIn(query));
        if (inferred.kind !== "inferred") return { id: query.id, names: [], ran: inferred.kind };
        const engine = openFilled(query.tables);
        const result = { id: query.id, ...runInto(engine, inferred) };
        engines.splice(0);
        engine.close();
        return result;
      });
      expect(outcomes.filter(({ names, ran }) => names.length > 0 || !["applied", "not run"].includes(ran))).toEqual(
        [],
      );
      expect(outcomes.filter(({ ran }) => ran === "applied").length).toBeGreaterThan(200);
    });
  },
);

describe("the typed expressions in the sandbox", () => {
  const tables = {
    People: fieldsOf({ name: "People", ent: false }) ?? [],
    Orders: fieldsOf({ name: "Orders", ent: false }) ?? [],
  };

  // Two texts of 4000 characters do not fit one field of MCE: Text(4000) is the best there is.
  it.each(typeRows.filter(([expression]) => expression !== "CONCAT(Notes, Notes)"))("%s fits %s", (expression) => {
    const inferred = infer(`SELECT ${expression} AS x FROM People p`);
    const answer =
      inferred.kind === "inferred" ? runInto(openFilled(tables), inferred) : { names: [], ran: inferred.kind };
    expect({ names: [], ran: answer.ran === "not run" ? "not run" : "applied" }).toEqual(answer);
  });
});
