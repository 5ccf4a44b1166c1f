import { describe, expect, it } from "vitest";
import type { Checked } from "#sql/check.ts";
import { quickestMs } from "../support/processor-time.ts";
import { checkAll, planAll } from "./support/ask-everything.ts";
import { hostileTexts } from "./support/hostile-texts.ts";
import { fuzzedText } from "./support/hostile/fuzzed.ts";
import { openDice } from "./syntax/support/generate.ts";

const maxMs = 300;
const maxLength = 100_000;
const lengths = [300, 2000, 12_000, maxLength];

function expectQuick(sql: string, name = sql.slice(0, 200)): void {
  let known: Pick<Checked, "columns" | "sql"> = { columns: [] };
  const reading = quickestMs(() => {
    known = checkAll(sql);
  }, maxMs);
  expect(reading, `reading ${sql.length} characters: ${name}`).toBeLessThan(maxMs);
  expect(
    quickestMs(() => planAll(sql, known), maxMs),
    `planning ${sql.length} characters: ${name}`,
  ).toBeLessThan(maxMs);
}

describe("a text of up to 100,000 characters is read within 300 ms, and so it is planned", () => {
  it.each([...hostileTexts])("%s", (_name, kind) => {
    for (const length of lengths) expectQuick(kind(length), "");
  });

  const kinds = [...hostileTexts.values()];
  const long = 200;

  it(`${long} fuzzed texts of 100,000 characters`, { timeout: 1_200_000 }, () => {
    const dice = openDice(17);
    for (let index = 0; index < long; index += 1) expectQuick(fuzzedText(dice, maxLength, kinds));
  });

  const short = 20_000;

  it(`${short} fuzzed texts of up to 1,000 characters, none of which throws`, { timeout: 1_200_000 }, () => {
    const dice = openDice(19);
    for (let index = 0; index < short; index += 1) {
      const sql = fuzzedText(dice, 100 + dice(900), kinds);
      expect(() => planAll(sql, checkAll(sql)), sql).not.toThrow();
    }
  });
});
