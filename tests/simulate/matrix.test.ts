import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rows } from "./support/matrix-rows.ts";
import { brokenOf } from "./support/matrix-print.ts";
import { playMatrix } from "./support/matrix.ts";
import { steps } from "./support/step.ts";

// `npm run simulate -- --matrix` and the long tier play all faults, steps and modes.
test("what happens to processes and messages strikes an append around its acceptance and its Perform", async () => {
  const broken: string[] = [];
  const part = { rows: [2, 3, 4, 5, 6, 7, 8, 9, 10], steps: ["A", "D"], modes: ["append"], places: 1 } as const;
  for await (const cell of playMatrix(part)) broken.push(...brokenOf(cell));
  expect(broken).toEqual([]);
}, 600_000);

test("the table of faults says simulate where the simulation strikes, and nowhere else", () => {
  const page = readFileSync(new URL("../../docs/reliability-matrix.md", import.meta.url), "utf8");
  const cellsOf = (number: number) =>
    page
      .split("\n")
      .find((line) => line.startsWith(`| ${number}. `))
      ?.split("|")
      .slice(2, 9)
      .map((cell) => cell.split(",").some((name) => name.trim() === "simulate"));
  for (const { number, name, never } of rows) {
    expect(cellsOf(number), `${number}. ${name}`).toEqual(steps.map((step) => never?.[step] === undefined));
  }
});
