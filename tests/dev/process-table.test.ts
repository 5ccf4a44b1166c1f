import { expect, test } from "vitest";
import { limitsWithoutProc } from "../../dev/stack/process-table.ts";

test("limitsWithoutProc() is one line without /proc, and nothing with it", () => {
  expect(limitsWithoutProc(true)).toBeUndefined();
  expect(limitsWithoutProc(false)).toMatch(/^No \/proc here: [^\n]+$/);
});
