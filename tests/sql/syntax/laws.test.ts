import { describe, expect, it } from "vitest";
import { readQuery, type QueryReading } from "#sql/syntax/read-query.ts";
import { scan } from "#sql/syntax/scan.ts";
import { scopeAt } from "#sql/syntax/scope-at.ts";
import type { Expression } from "#sql/syntax/expression-tree.ts";
import type { Node } from "#sql/syntax/tree.ts";
import { childrenOf, tablesRead } from "#sql/syntax/walk.ts";
import { processorMs, quickestMs } from "../../support/processor-time.ts";
import { devCorpus, readCorpus } from "../support/corpus.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { mutated, soupWord } from "../support/hostile/fuzzed.ts";
import { generated, openDice } from "./support/generate.ts";
import { halfTyped } from "./support/half-typed.ts";
import { printed, printedQuery } from "./support/print.ts";
import { queryTrees } from "./support/query-trees.ts";

const isLong = process.env["SQE_TESTS"] === "long";
type Dice = (sides: number) => number;

/** Nodes that reach beyond the node around them, or beyond the text. */
function misplaced(node: Node, { start, end }: { start: number; end: number }): Node[] {
  const own = node.start < start || node.end > end || node.start > node.end ? [node] : [];
  return [...own, ...childrenOf(node).flatMap((child) => misplaced(child, node))];
}

const alone: ReadonlySet<string> = new Set(
  (
    "column literal variable call method cast case logical arithmetic comparison unary not between in like is-null " +
    "is-distinct exists subquery parens collate at-time-zone"
  ).split(" "),
);

function isAlone(node: Node): node is Expression {
  return alone.has(node.kind);
}

/** The expressions below a node that mean the same wherever they stand. */
function expressionsIn(node: Node): Expression[] {
  const inside = childrenOf(node).flatMap(expressionsIn);
  return isAlone(node) ? [node, ...inside] : inside;
}

/** Everything that may be asked of a text, at one place in it. */
function ask(sql: string, offset: number): QueryReading {
  const reading = readQuery(sql);
  scopeAt(reading, offset);
  for (const query of [reading.tree, ...reading.more]) {
    tablesRead(query);
    printedQuery(query);
  }
  const isPlaced = reading.problems.every(({ start, end }) => 0 <= start && start <= end && end <= sql.length);
  if (!isPlaced) throw new Error(`a problem outside of ${JSON.stringify(sql)}`);
  return reading;
}

const seeds = [
  ...readCorpus(devCorpus).map(({ sql }) => sql),
  ...queryTrees.map(([sql]) => sql),
  ...halfTyped.map(([sql]) => sql.replace("¦", "")),
];

function fuzzed(dice: Dice): string {
  const kind = dice(4);
  if (kind === 0) return Array.from({ length: dice(60) }, () => soupWord(dice)).join(" ");
  if (kind === 1) return mutated(generated(dice).sql, dice);
  const seed = seeds[dice(seeds.length)] ?? "";
  return kind === 2 ? mutated(seed, dice) : seed.slice(0, dice(seed.length + 1));
}

describe("laws of readQuery()", () => {
  it("places every node inside the one around it, where the text is understood", () => {
    const dice = openDice(7);
    const texts = [...seeds, ...Array.from({ length: isLong ? 300 : 100 }, () => generated(dice).sql)];
    for (const sql of texts) {
      const { tree, problems } = readQuery(sql);
      if (problems.length === 0) expect(misplaced(tree, { start: 0, end: sql.length }), sql).toEqual([]);
    }
  });

  it("gives every expression a span that reads as the same expression", () => {
    const dice = openDice(9);
    const texts = [...seeds, ...Array.from({ length: isLong ? 300 : 100 }, () => generated(dice).sql)];
    let count = 0;
    for (const sql of texts) {
      const { tree, problems } = readQuery(sql);
      if (problems.length > 0) continue;
      for (const node of expressionsIn(tree)) {
        const alone = readQuery(`SELECT 1 WHERE ${sql.slice(node.start, node.end)}`);
        expect(alone.problems, sql).toEqual([]);
        expect(printedQuery(alone.tree)).toBe(`<1 where ${printed(node)}>`);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(isLong ? 5000 : 2000);
  });

  const total = isLong ? 200_000 : 2000;

  it(`never throws, on ${total} mutated texts and soups of words`, { timeout: 600_000 }, () => {
    const dice = openDice(isLong ? 11 : 12);
    for (let index = 0; index < total; index += 1) {
      const sql = fuzzed(dice);
      expect(() => ask(sql, dice(sql.length + 1)), sql).not.toThrow();
    }
  });

  it("scans every character once: tokens and comments in order, blanks between them", () => {
    const dice = openDice(3);
    for (let index = 0; index < 2000; index += 1) {
      const sql = fuzzed(dice);
      const { tokens, comments } = scan(sql);
      const pieces = [...tokens.map(({ start, end }) => [start, end] as const), ...comments].sort(
        (a, b) => a[0] - b[0],
      );
      let at = 0;
      const between = pieces.map(([start, end]) => {
        const gap = end > start ? sql.slice(at, start) : "an empty piece";
        at = end;
        return gap;
      });
      expect([...between, sql.slice(at)].join("").trim(), sql).toBe("");
    }
  });
});

/** Texts that grow without end, each by a unit of its own. */
const growing: Readonly<Record<string, (count: number) => string>> = {
  "nested calls": (count) => `SELECT ${"LEN(".repeat(count)}a${")".repeat(count)} FROM t`,
  parentheses: (count) => `SELECT ${"(".repeat(count)}a${")".repeat(count)} FROM t`,
  CASE: (count) => `SELECT ${"CASE WHEN a=1 THEN ".repeat(count)}a${" END".repeat(count)} FROM t`,
  "derived tables": (count) => `SELECT a FROM ${"(SELECT a FROM ".repeat(count)}t${") x".repeat(count)}`,
  UNION: (count) => `${"SELECT a FROM t UNION ALL ".repeat(count)}SELECT a FROM t`,
  "IN list": (count) => `SELECT a FROM t WHERE a IN (${Array.from({ length: count }, (_, index) => index).join()})`,
  columns: (count) => `SELECT ${Array.from({ length: count }, (_, index) => `c${index}`).join()} FROM t`,
  AND: (count) => `SELECT a FROM t WHERE ${"a = 1 AND ".repeat(count)}b = 2`,
  "open brackets": (count) => `SELECT ${"[a\n".repeat(count)}`,
  "open brackets on one line": (count) => `SELECT ${"[a]], ".repeat(count)}`,
  "open texts": (count) => `SELECT 'a\n${"'', '', ".repeat(count)}`,
  "open brackets that look closed": (count) => `SELECT ${"[a]]\n".repeat(count)}`,
  "open parentheses of GROUP": (count) => `SELECT a FROM t WHERE ${"( GROUP ".repeat(count)}${")".repeat(count)}`,
  "open parentheses": (count) => `SELECT ${"f(a ".repeat(count)}`,
};

/** Everything a reader is asked about one text. */
function readAll(sql: string): void {
  const reading = readQuery(sql);
  scopeAt(reading, sql.length);
  tablesRead(reading.tree);
}

describe("the time of readQuery()", () => {
  it.each(Object.entries(growing))("is linear in %s", (_name, text) => {
    const msOf = (count: number) => processorMs(() => readAll(text(count)));
    let [small, large] = [Infinity, Infinity];
    // Eight times the text; its square would be 64. The least of several goes: other processes take caches and memory away.
    const isMuch = () => large >= 20 * Math.max(small, 4);
    for (let goes = 0; goes < 20 && isMuch(); goes += 1) {
      small = Math.min(small, msOf(2500));
      large = Math.min(large, msOf(20_000));
    }
    expect(isMuch(), `${small} ms for 2,500, ${large} ms for 20,000`).toBe(false);
  });

  const units = isLong ? 1500 : 25;

  it(`is below 300 ms for 100,000 characters of ${units} things said again and again`, { timeout: 600_000 }, () => {
    const dice = openDice(5);
    const heads = [
      "",
      "SELECT ",
      "SELECT a FROM ",
      "SELECT a FROM t WHERE ",
      "SELECT a FROM t JOIN u ON ",
      "WITH c AS (",
    ];
    for (let index = 0; index < units; index += 1) {
      const unit = `${Array.from({ length: 1 + dice(7) }, () => soupWord(dice)).join(" ")} `;
      const sql = (heads[dice(heads.length)] ?? "") + unit.repeat(Math.floor(99_900 / unit.length));
      expect(
        quickestMs(() => void readQuery(sql), 300),
        sql.slice(0, 100),
      ).toBeLessThan(300);
      expect(() => ask(sql, sql.length), sql.slice(0, 100)).not.toThrow();
    }
  });

  it.each([...hostileTexts])("is below 300 ms for 100,000 characters of %s", (_name, kind) => {
    const sql = kind(100_000);
    expect(quickestMs(() => void readQuery(sql), 300)).toBeLessThan(300);
    const reading = readQuery(sql);
    expect(quickestMs(() => void scopeAt(reading, sql.length), 300)).toBeLessThan(300);
  });
});
