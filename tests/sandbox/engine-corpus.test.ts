import { describe, expect, it } from "vitest";
import { openEngine, type Engine } from "../../sandbox/engine/engine.ts";
import type { Refusal, Rows } from "../../sandbox/engine/scope.ts";
import type { Value } from "../../sandbox/engine/types.ts";
import { devCorpus, readCorpus } from "../sql/support/corpus.ts";
import type { CorpusQuery } from "../sql/support/fields-in.ts";
import { fieldOf } from "../sql/support/filled.ts";
import { scope } from "./support/engine.ts";

const queries = readCorpus(devCorpus);
type TableField = CorpusQuery["tables"][string][number];

/** Texts that are numbers and dates at once, as far as they fit, so that made-up data breaks no conversion. */
function valueFor({ fieldType, maxLength }: TableField, row: number): Value {
  if (row === 0) return null;
  switch (fieldType) {
    case "Number":
      return String(row);
    case "Decimal":
      return `${row}.5`;
    case "Date":
      return `2026-01-0${row} 10:11:12.000`;
    case "Boolean":
      return row % 2 === 0 ? "True" : "False";
    case "EmailAddress":
      return `person${row}@example.com`;
    case "Phone":
      return `4912345${row}`;
    case "Locale":
      return "en-US";
    case "Text":
      return (maxLength ?? 4000) >= 8 ? `2026010${row}` : String(row);
  }
}

function openFor({ tables }: CorpusQuery, rules: "mce" | "off"): Engine {
  const engine = openEngine({ rules, cte: rules === "off" });
  for (const [name, fields] of Object.entries(tables)) {
    const [, ent, own = name] = /^(ent\.)?(.*)$/.exec(name) ?? [];
    const mid = ent === undefined ? scope.mid : scope.eid;
    engine.createTable(mid, own, fields.map(fieldOf));
    const rows = Array.from({ length: 6 }, (_, row) => fields.map((field) => valueFor(field, row)));
    expect(engine.insertRows(mid, own, rows), name).toEqual({ kind: "applied", rows: 6 });
  }
  return engine;
}

function answerTo(query: CorpusQuery, rules: "mce" | "off"): Rows | Refusal {
  const engine = openFor(query, rules);
  const answer = engine.select(query.sql, scope);
  engine.close();
  return answer;
}

/** An answer without its values, which NEWID() makes different every time. */
function shape(answer: Rows | Refusal): unknown {
  return answer.kind === "rows" ? { columns: answer.columns, rows: answer.rows.length } : answer;
}

/** What of a query stands outside brackets, strings and comments, in capitals. */
function outermost(sql: string): string {
  const bare = sql
    .replaceAll(/--[^\n]*/g, " ")
    .replaceAll(/\/\*[\s\S]*?\*\//g, " ")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/\[[^\]]*\]/g, "x")
    .toUpperCase();
  let text = bare;
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replaceAll(/\([^()]*\)/g, " ");
  }
  return text;
}

/** The texts of the rules of MCE 8.1 and 8.2 a query breaks, judged by its text and by the corpus' own list of columns. */
function brokenRules({ sql, expected }: CorpusQuery): string[] {
  const text = outermost(sql);
  const names = expected.map(({ name }) => name?.toLowerCase());
  return [
    ...(text.includes(";") ? ["';' is a reserved word and may not be used"] : []),
    ...(/^\s*WITH\b/.test(text) ? ["Only SELECT queries are valid. Select must be the first word of the query."] : []),
    ...(/\bORDER\s+BY\b/.test(text) && !/\b(TOP|OFFSET)\b/.test(text)
      ? ["The ORDER BY clause is invalid in views"]
      : []),
    ...(names.includes(undefined) ? ["No column name was specified for column"] : []),
    ...(new Set(names.filter((name) => name !== undefined)).size < names.filter((name) => name !== undefined).length
      ? ["was specified multiple times for 'querydef'."]
      : []),
  ];
}

describe.skipIf(queries.length === 0)("the corpus of real queries (skipped without ../shared/sql-corpus)", () => {
  const free = queries.map((query) => ({ query, answer: answerTo(query, "off") }));
  const failed = free.flatMap(({ query, answer }) =>
    answer.kind === "refused" ? [{ id: query.id, message: answer.message }] : [],
  );

  it("runs without MCE's rules, at least 96 % of it; the rest is refused with the construct, name or value at fault", () => {
    console.info(`rules off: ${free.length - failed.length} of ${free.length} run`, failed);
    expect(1 - failed.length / free.length).toBeGreaterThanOrEqual(0.96);
    for (const { id, message } of failed)
      expect(message, id).toMatch(
        /The sandbox does not run |Invalid column name '|Ambiguous column name '|is not a recognized|^Conversion failed when converting /,
      );
  });

  it("with MCE's rules exactly the queries that break one are refused, each with that rule's text", () => {
    const seen: Record<string, number> = {};
    for (const { query, answer } of free) {
      const rules = brokenRules(query);
      const checked = answerTo(query, "mce");
      const message = checked.kind === "refused" ? checked.message : "";
      if (rules.length === 0) expect(shape(checked), query.id).toEqual(shape(answer));
      else {
        const told = rules.find((rule) => message.includes(rule));
        expect(told, `${query.id} breaks ${rules.join(", ")} but answers: ${message}`).toBeDefined();
        seen[told ?? ""] = (seen[told ?? ""] ?? 0) + 1;
      }
    }
    console.info("rules on: refused", seen);
    expect(Object.values(seen).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  });
});
