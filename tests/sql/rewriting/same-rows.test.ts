import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check, type Checked } from "#sql/check.ts";
import { openEngine } from "../../../sandbox/engine/engine.ts";
import { isLong } from "../../support/tier.ts";
import { checked, lookedAt, openEngines, rowsOf, scope, unordered, type Engines } from "./support/engines.ts";
import { devCorpus, readCorpus } from "../support/corpus.ts";
import { fieldsIn } from "../support/fields-in.ts";
import { fill } from "../support/filled.ts";
import { runnableQuery, type Runnable } from "./support/generated-queries.ts";
import { smallTables } from "./support/tables.ts";

const count = isLong ? 2000 : 100;

let engines: Engines;
beforeAll(() => {
  engines = openEngines(smallTables);
});
afterAll(() => engines.close());

/** What of a rewritten query is not as SQL Server gives the original; nothing when all is. */
function difference(
  { server, mce }: Pick<Engines, "server" | "mce">,
  { sql, isOrdered }: Pick<Runnable, "sql" | "isOrdered">,
  { look, sql: plain, portable, diagnostics }: Checked,
): string | undefined {
  const wanted = rowsOf(server, sql);
  if (typeof wanted === "string") return wanted.startsWith("unsupported") ? "unsupported" : `original: ${wanted}`;
  if (look === undefined || portable === undefined || plain === undefined)
    return `not rewritten: ${JSON.stringify(diagnostics)}`;
  for (const text of [look.sql, portable, plain]) {
    const saved = mce.check(text, scope);
    if (saved.kind !== "fine") return `refused: ${saved.message}: ${text}`;
  }
  const got = rowsOf(mce, look.sql);
  if (typeof got === "string") return `look: ${got}: ${look.sql}`;
  const seen = lookedAt(got);
  if (wanted.rows.length > 2500) return seen.rows.length === 2500 && seen.count === 2501 ? undefined : "bound";
  const all = rowsOf(mce, plain);
  if (typeof all === "string") return `plain: ${all}: ${plain}`;
  for (const rows of [seen.rows, all.rows]) {
    const isSame = isOrdered
      ? JSON.stringify(rows) === JSON.stringify(wanted.rows)
      : JSON.stringify(unordered(rows)) === JSON.stringify(unordered(wanted.rows));
    if (!isSame) return `rows: ${JSON.stringify(rows)} for ${JSON.stringify(wanted.rows)}: ${look.sql}`;
  }
  if (seen.count !== wanted.rows.length) return `count: ${seen.count}`;
  const saved = rowsOf(mce, portable);
  if (typeof saved === "string") return `portable: ${saved}`;
  return JSON.stringify(unordered(saved.rows)) === JSON.stringify(unordered(wanted.rows))
    ? undefined
    : "portable: rows";
}

describe("a rewritten query and its original", () => {
  const queries = Array.from({ length: count }, (_, seed) => runnableQuery(seed + 1));

  it("are of many kinds", () => {
    const used = new Set(queries.flatMap(({ constructs }) => [...constructs]));
    expect([...used].sort()).toEqual([
      "DISTINCT",
      "EXISTS",
      "IN",
      "JOIN",
      "NOLOCK",
      "OFFSET",
      "ORDER BY without TOP",
      "TOP (5) WITH TIES",
      "TOP 30 PERCENT",
      "TOP 7",
      "UNION in WITH",
      "WITH",
      "column list",
      "grouped",
      "hidden",
      "no alias",
      "set operation",
      "star",
    ]);
  });

  it(`give the same rows in the same order: ${count} generated queries`, { timeout: 300_000 }, () => {
    const outcomes = queries.map((query) => ({
      sql: query.sql,
      why: difference(engines, query, checked(query.sql, engines)),
    }));
    expect(outcomes.filter(({ why }) => why !== undefined && why !== "unsupported")).toEqual([]);
    expect(outcomes.filter(({ why }) => why === undefined).length).toBeGreaterThan(count * 0.95);
  });

  const corpus = readCorpus(devCorpus).filter((_, index) => isLong || index % 4 === 0);

  it.skipIf(corpus.length === 0)(
    "give the same rows: the corpus of real queries (skipped without ../shared/sql-corpus)",
    { timeout: 300_000 },
    () => {
      const outcomes = corpus.map((query) => {
        const sql = query.sql.replace(/;\s*$/, "");
        const [server, mce] = [openEngine({ rules: "off" }), openEngine()];
        for (const engine of [server, mce]) fill(engine, query.tables);
        const why = difference({ server, mce }, { sql, isOrdered: false }, check(sql, fieldsIn(query)));
        server.close();
        mce.close();
        return { id: query.id, sql, why };
      });
      // Values of our own that do not convert, names that the made-up tables lack, and random numbers are no difference.
      const isOurs = ({ sql, why = "" }: (typeof outcomes)[number]): boolean =>
        why !== "" && !/^(?:unsupported|original:)/.test(why) && !/NEWID|RAND/i.test(sql);
      expect(outcomes.filter(isOurs)).toEqual([]);
      expect(outcomes.filter(({ why }) => why === undefined).length).toBeGreaterThan(corpus.length * 0.7);
    },
  );
});
