import { describe, expect, it } from "vitest";
import type { Column } from "#protocol/column.ts";
import { chosenRows } from "../../src/worker/results/chosen-rows.ts";
import type { Cell } from "../../src/worker/results/rows.ts";
import { quickestMs } from "../support/processor-time.ts";

const sorted = (type: Column["type"], values: Cell[], desc = false) =>
  chosenRows(
    [{ name: "A", type }],
    values.map((value) => [value]),
    { sort: "a", desc },
  ).map(([value]) => value);

describe("chosenRows()", () => {
  it.each<[Column["type"], Cell[], Cell[]]>([
    ["Number", [10, 9, null, -1, 100], [-1, 9, 10, 100, null]],
    ["Decimal", ["10.5", "9.25", null, "100"], ["9.25", "10.5", "100", null]],
    [
      "Date",
      ["2026-01-02T10:00:00-06:00", null, "2025-12-31T23:00:00-06:00"],
      ["2025-12-31T23:00:00-06:00", "2026-01-02T10:00:00-06:00", null],
    ],
    ["Boolean", [true, false, null, true], [false, true, true, null]],
    ["Text", ["b", "A", null, "Ä", "c"], ["A", "Ä", "b", "c", null]],
  ])("sorts %s by value, nulls last", (type, values, up) => {
    expect(sorted(type, values)).toEqual(up);
    const down = sorted(type, values, true);
    expect([down.at(-1), down.filter((value) => value !== null).length]).toEqual([null, up.length - 1]);
    expect(down[0]).toEqual(up.at(-2));
  });

  it("keeps the order of rows that are alike, both ways", () => {
    const columns: Column[] = [
      { name: "K", type: "Number" },
      { name: "N", type: "Number" },
    ];
    const rows: Cell[][] = [
      [1, 1],
      [1, 2],
      [0, 3],
      [1, 4],
    ];
    const order = (desc: boolean) => chosenRows(columns, rows, { sort: "K", desc }).map(([, n]) => n);
    expect([order(false), order(true)]).toEqual([
      [3, 1, 2, 4],
      [1, 2, 4, 3],
    ]);
  });

  it("finds a text in any value, in any case", () => {
    const columns: Column[] = [
      { name: "A", type: "Text" },
      { name: "B", type: "Number" },
    ];
    const rows: Cell[][] = [
      ["Straße", 12],
      ["x", 34],
      [null, 112],
    ];
    const found = (find: string) => chosenRows(columns, rows, { find, desc: false }).length;
    expect([found("STRA"), found("12"), found("nothing"), found("")]).toEqual([1, 2, 0, 3]);
  });

  it("sorts 2,500 rows of 50 columns in less than 100 ms", () => {
    const columns: Column[] = Array.from({ length: 50 }, (_, at) => ({ name: `C${at}`, type: "Text" }));
    const rows = Array.from({ length: 2500 }, (_, at) => columns.map(({ name }) => `${name} ${(at * 7919) % 2500}`));
    const choose = () => void chosenRows(columns, rows, { sort: "C7", find: "9", desc: true });
    expect(quickestMs(choose, 100)).toBeLessThan(100);
  });
});
