import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { inferColumns, tablesOf } from "#sql/infer.ts";
import { devCorpus, readCorpus } from "./support/corpus.ts";
import { fieldsIn } from "./support/fields-in.ts";
import { score } from "./support/score.ts";

const queries = readCorpus(devCorpus);

describe.skipIf(queries.length === 0)("the corpus of real queries (skipped without ../shared/sql-corpus)", () => {
  it("is inferred, every query, and at least 97 % of them all right", () => {
    const scores = queries.map((query) => {
      const answer = inferColumns(query.sql, fieldsIn(query));
      expect(answer.kind, query.id).toBe("inferred");
      const { names, types, lengths } = score(answer.kind === "inferred" ? answer.columns : [], query.expected);
      return names && types && lengths;
    });
    expect(scores.filter(Boolean).length / queries.length).toBeGreaterThanOrEqual(0.97);
  });

  it("is rewritten once: the text to run gives the same columns and stays as it is", () => {
    for (const query of queries) {
      const once = inferColumns(query.sql, fieldsIn(query));
      if (once.kind !== "inferred") continue;
      const again = inferColumns(once.sql, fieldsIn(query));
      expect({ ...again, notes: [] }, query.id).toEqual({ ...once, notes: [] });
    }
  });

  it("reads the tables the corpus names", () => {
    for (const query of queries) {
      const read = tablesOf(query.sql);
      const names = read.kind === "known" ? read.tables.map(({ name }) => name.toLowerCase()) : [];
      expect([...new Set(names)].sort(), query.id).toEqual(Object.keys(query.tables).toSorted());
    }
  });

  it("is refused by the guard for nothing", () => {
    const refused = queries.flatMap(({ sql }) => {
      const answer = guard(sql);
      return answer.ok ? [] : answer.diagnostics.map(({ code }) => code);
    });
    expect(refused).toEqual([]);
  });

  it("holds few names the resolver cannot place: those its made-up tables lack", () => {
    const doubted = queries.filter((query) =>
      check(query.sql, fieldsIn(query)).diagnostics.some(({ code }) =>
        ["UNKNOWN_COLUMN", "UNKNOWN_PREFIX", "AMBIGUOUS_COLUMN", "UNION_COLUMNS", "UNKNOWN_FUNCTION"].includes(code),
      ),
    );
    expect(doubted.length).toBeLessThan(10);
  });
});
