import { afterEach, describe, expect, it } from "vitest";
import { inferColumns, type OutputColumn, type TableField } from "#sql/infer.ts";
import { openEngine, type Engine } from "../../sandbox/engine/engine.ts";
import { devCorpus, readCorpus } from "./support/corpus.ts";
import { fieldsIn } from "./support/fields-in.ts";
import { fieldOf, fill } from "./support/filled.ts";
import { fieldsOf, infer } from "./support/tables.ts";
import { typeRows } from "./support/type-rows.ts";

/** The sandbox's engine types and runs T-SQL by rules of its own: a witness that shares nothing with inference. */
const scope = { mid: 1, eid: 1, now: Date.UTC(2026, 10, 24) };

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
