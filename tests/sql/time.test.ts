import { describe, expect, it } from "vitest";
import { checkGuarded } from "#sql/check.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { keepOrder } from "#sql/order.ts";
import { readGuarded } from "#sql/query.ts";
import { shapeOf } from "#sql/shape.ts";
import { sourcesOf } from "#sql/sources.ts";
import { targetReads } from "#sql/target-reads.ts";
import { ownWords } from "#sql/text/own-words.ts";
import { hostileTexts, manyTableNames, wideFieldsOf } from "./support/hostile-texts.ts";
import { isLong } from "../support/tier.ts";

const maxMs = 300;
const lengths = isLong ? [300, 2000, 12_000, 100_000] : [2000, 100_000];
/** Code is slow until it has been compiled. */
const rounds = 3;

/** All that may be known beside the fields: every rule looks at the text. */
const everything = {
  tableNames: manyTableNames,
  target: { name: "Target", mode: "overwrite" },
  isChild: true,
  now: Date.UTC(2026, 10, 30),
} as const;

function read(sql: string): { columns: readonly { name: string }[]; sql: string } {
  const guarded = readGuarded(sql);
  if (guarded.ok) tablesToAsk(guarded.query);
  const checked = checkGuarded(guarded, wideFieldsOf, everything);
  return { columns: checked.columns, sql: checked.sql ?? sql };
}

/** What a run asks of a text beyond its check. */
function plan(text: string, { columns, sql }: ReturnType<typeof read>): void {
  const names = columns.map(({ name }) => name);
  const order = keepOrder(sql, names);
  expect(order.kind).toMatch(/^(?:unordered|ordered|lost)$/);
  sourcesOf(sql);
  targetReads(text, { name: "Target" });
  shapeOf(text);
  ownWords(text);
}

/** The processor time of the quickest of a few goes, in ms; one within the bound is enough. */
function best(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least > maxMs; round += 1) {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe("a text of up to 100,000 characters is read within 300 ms, and so it is planned", () => {
  it.each([...hostileTexts])("%s", (_name, kind) => {
    for (const length of lengths) {
      const sql = kind(length);
      let known: ReturnType<typeof read> = { columns: [], sql };
      const reading = best(() => {
        known = read(sql);
      });
      expect(reading, `reading ${sql.length} characters`).toBeLessThan(maxMs);
      expect(
        best(() => plan(sql, known)),
        `planning ${sql.length} characters`,
      ).toBeLessThan(maxMs);
    }
  });
});
