import { afterAll, beforeAll, expect, it } from "vitest";
import { openEngine, type Engine } from "../../sandbox/engine/engine.ts";
import { hostileTexts, wideFieldsOf } from "../sql/support/hostile-texts.ts";
import { quickestMs } from "../support/processor-time.ts";
import { isLong } from "../support/tier.ts";
import { scope } from "./support/engine.ts";

let engine: Engine;
beforeAll(() => {
  engine = openEngine();
  const fields = (wideFieldsOf({ name: "Wide", ent: false }) ?? []).map((field) => ({
    ...field,
    isRequired: false,
    isPrimaryKey: false,
  }));
  for (const name of ["Wide", "Target"]) engine.createTable(scope.mid, name, fields);
});
afterAll(() => engine.close());

/** No user waits for the sandbox, but a test does. */
const maxMs = 3000;
/** In characters. What grows with the square of the length shows in the shorter ones, too. */
const lengths = isLong ? [600, 3000, 100_000] : [600, 6000];

it.each([...hostileTexts])("the checker answers at once and never throws: %s", (_name, kind) => {
  for (const length of lengths) {
    const sql = kind(length);
    const check = () => expect(engine.check(sql, scope).kind).toMatch(/^(?:fine|refused)$/);
    expect(quickestMs(check, maxMs, 1), `${sql.length} characters`).toBeLessThan(maxMs);
  }
});
