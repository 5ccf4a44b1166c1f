import { describe, expect, it } from "vitest";
import { outputName } from "#sql/syntax/outputs.ts";
import { readQuery } from "#sql/syntax/read-query.ts";
import type { Body } from "#sql/syntax/tree.ts";
import { tablesRead } from "#sql/syntax/walk.ts";
import { parse } from "../../../sandbox/parser/parse.ts";
import { devCorpus, readCorpus } from "../support/corpus.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { typeRows } from "../support/type-rows.ts";
import { constructs, generated, openDice } from "./support/generate.ts";
import { printedQuery } from "./support/print.ts";
import { outputsOf } from "./support/witness-words.ts";
import { printedQuery as printedByWitness } from "./support/witness.ts";
import { at, tableNames } from "./support/witness-tree.ts";

/** What two readers have to agree on. */
type Read = { tables: string[]; outputs: string[]; tree: string };

function outputsIn(body: Body): string[] {
  if (body.kind === "set") return body.branches.slice(0, 1).flatMap(outputsIn);
  if (body.kind === "query") return outputsIn(body.body);
  if (body.kind !== "select") return [];
  return body.items.map((item) => (item.expression.kind === "star" ? "*" : (outputName(item) ?? "")));
}

function own(sql: string): Read {
  const { tree } = readQuery(sql);
  const tables = tablesRead(tree).map(({ name }) => name.map(({ value }) => value).join("."));
  return { tables: tables.sort(), outputs: outputsIn(tree.body), tree: printedQuery(tree) };
}

/** The same from the borrowed parser, which shares nothing with ours; nothing where it does not know the text. */
function witnessed(sql: string): Read | undefined {
  const parsed = parse(sql);
  const query =
    parsed.kind === "parsed" && parsed.statements.length === 1 ? at(parsed.statements[0], "Query") : undefined;
  if (query === undefined) return undefined;
  const tables = tableNames(query).map((name) => name.map(({ value }) => value).join("."));
  return { tables: tables.sort(), outputs: outputsOf(query), tree: printedByWitness(query) };
}

/** The texts both read and take differently; how many both read. */
function differences(texts: readonly string[]): {
  read: number;
  different: { sql: string; own: Read; witness: Read }[];
} {
  const both = texts.flatMap((sql) => {
    const witness = witnessed(sql);
    return witness === undefined ? [] : [{ sql, own: own(sql), witness }];
  });
  const different = both.filter((one) => JSON.stringify(one.own) !== JSON.stringify(one.witness));
  return { read: both.length, different };
}

/**
 * Every way in which the two may differ: what T-SQL says, an example, and how each reads it. In all of them the borrowed
 * parser is wrong.
 */
const explained: readonly { construct: string; why: string; sql: string; own: string; witness: string }[] = [
  {
    construct: "sign before a product",
    why: "a sign binds like a sum in T-SQL, the borrowed parser binds it first",
    sql: "SELECT 1 / -a * b",
    own: "<(1 / (-(a * b)))>",
    witness: "<(1 / (-a) * b)>",
  },
  {
    construct: "bit operators",
    why: "& | ^ bind like a sum in T-SQL, the borrowed parser gives each its own precedence",
    sql: "SELECT a & b + c",
    own: "<(a & b + c)>",
    witness: "<(a & (b + c))>",
  },
  {
    construct: "contextual word as alias",
    why: "the borrowed parser takes SAMPLE for a clause and swallows the condition behind it",
    sql: "SELECT a FROM t sample WHERE (b = 1)",
    own: "<a from t sample where {(b = 1)}>",
    witness: "<a from t>",
  },
  {
    construct: "IS DISTINCT FROM without parentheses",
    why: "a predicate ends before AND, the borrowed parser takes AND into its right side",
    sql: "SELECT a FROM t WHERE a IS DISTINCT FROM b AND c = 1",
    own: "<a from t where ((a IS DISTINCT FROM b) AND (c = 1))>",
    witness: "<a from t where (a IS DISTINCT FROM (b AND (c = 1)))>",
  },
];

/** Hostile texts that the two take differently. */
const explainedTexts: ReadonlySet<string> = new Set([
  // No cast in T-SQL.
  "chained: ::",
  // A call to one, a method to the other.
  "chained: methods",
  // A variable gives its column no name.
  "lists: variables",
  // The walk over the borrowed trees knows the common tables of the whole query only.
  "nested: common tables in derived tables",
  "lists: common tables in a derived table",
  "multiplied: common tables in the first branch",
  "multiplied: common tables that read themselves",
  "multiplied: common tables that double",
]);

describe("readQuery() and the borrowed parser", () => {
  it.each(explained)("differ: $why", ({ sql, ...expected }) => {
    expect(own(sql).tree).toBe(expected.own);
    expect(witnessed(sql)?.tree).toBe(expected.witness);
  });

  const corpus = readCorpus(devCorpus).map(({ sql }) => sql);

  it.skipIf(corpus.length === 0)("agree on real queries (skipped without ../shared/sql-corpus)", () => {
    const { read, different } = differences(corpus);
    expect(different).toEqual([]);
    expect(read).toBe(corpus.length);
    expect(corpus.filter((sql) => readQuery(sql).problems.length > 0)).toEqual([]);
  });

  it("agree on the expressions of the tests", () => {
    const texts = typeRows.map(([expression]) => `SELECT ${expression} AS x FROM People p`);
    const { read, different } = differences(texts);
    expect(different).toEqual([]);
    expect(read).toBe(texts.length);
  });

  it("agree on small hostile texts without problems", () => {
    const texts = [...hostileTexts]
      .filter(([name]) => !explainedTexts.has(name))
      .map(([, kind]) => kind(200))
      .filter((sql) => readQuery(sql).problems.length === 0);
    const { read, different } = differences(texts);
    expect(different).toEqual([]);
    expect(read).toBeGreaterThan(90);
  });
});

const isLong = process.env["SQE_TESTS"] === "long";

describe("readQuery() and the borrowed parser on generated queries", () => {
  const total = isLong ? 100_000 : 10_000;

  it(`agree on ${total}, wherever both read`, { timeout: 600_000 }, () => {
    const dice = openDice(20_261_130);
    const counts = new Map(constructs.map((construct) => [construct, 0]));
    const accepted = new Set(explained.map(({ construct }) => construct));
    const [plain, odd]: [string[], string[]] = [[], []];
    for (let index = 0; index < total; index += 1) {
      const query = generated(dice);
      for (const construct of query.constructs) counts.set(construct, (counts.get(construct) ?? 0) + 1);
      expect(readQuery(query.sql).problems, query.sql).toEqual([]);
      ([...query.constructs].some((construct) => accepted.has(construct)) ? odd : plain).push(query.sql);
    }
    const { read, different } = differences(plain);
    const shown = [...counts].map(([construct, count]) => `${construct} ${count}`).join(", ");
    console.log(
      `${total} generated queries: ${read} read by both, ${odd.length} with an explained difference. ${shown}`,
    );
    expect(different.slice(0, 3)).toEqual([]);
    expect(read).toBeGreaterThan(total * 0.4);
    expect([...counts].filter(([, count]) => count < total / 20)).toEqual([]);
  });
});
