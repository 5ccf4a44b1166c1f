import { describe, expect, it } from "vitest";
import { atFirst, rangeOf, select, selectByKey, selectRange, type Selection } from "#console/result/grid/selection.ts";
import { shown, typeWords } from "#console/result/grid/show.ts";
import { inList, markdown, tabSeparated } from "#console/result/grid/texts.ts";

const extent = { rows: 50, columns: 4 };

function pressed(...keys: string[]): Selection {
  return keys.reduce((now, text) => {
    const parts = text.split("+");
    const press = { key: parts.at(-1) ?? "", isCtrl: parts.includes("Ctrl"), isShift: parts.includes("Shift") };
    return selectByKey(now, press, extent, 10) ?? now;
  }, atFirst);
}

describe("selectByKey()", () => {
  it.each([
    [["ArrowDown", "ArrowRight"], { row: 1, column: 1 }],
    [["ArrowUp"], { row: -1, column: 0 }],
    [["ArrowUp", "ArrowUp", "ArrowLeft"], { row: -1, column: 0 }],
    [["Ctrl+ArrowDown", "Ctrl+ArrowRight"], { row: 49, column: 3 }],
    [["End", "PageDown", "ArrowRight"], { row: 10, column: 3 }],
    [["Ctrl+End", "PageDown"], { row: 49, column: 3 }],
    [["Ctrl+End", "Home", "PageUp"], { row: 39, column: 0 }],
  ])("goes by %j to %j", (keys, head) => {
    expect(pressed(...keys)).toEqual({ anchor: head, head });
  });

  it("extends with Shift, never into the head", () => {
    expect(rangeOf(pressed("ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowUp"))).toEqual({
      top: 0,
      bottom: 1,
      left: 0,
      right: 1,
    });
  });

  it("selects all, and leaves other keys alone", () => {
    expect(rangeOf(pressed("Ctrl+a"))).toEqual({ top: 0, bottom: 49, left: 0, right: 3 });
    expect(selectByKey(atFirst, { key: "x", isCtrl: false, isShift: false }, extent, 10)).toBeUndefined();
  });
});

describe("select()", () => {
  it("keeps what was begun when it extends", () => {
    const column = selectRange({ top: 0, bottom: 49, left: 2, right: 2 });
    expect(select(column, { row: 3, column: 3 }, true, extent)).toEqual({
      anchor: { row: 0, column: 2 },
      head: { row: 3, column: 3 },
    });
  });
});

const text = { name: "Name", type: "Text", maxLength: 50 };
const price = { name: "Price", type: "Decimal", precision: 12, scale: 2 };
const at = { name: "At", type: "Date", zone: "server" as const };

describe("shown()", () => {
  it.each([
    [null, text, "null"],
    ["", text, ""],
    [4615.3, price, "4615.30"],
    ["12345678901234567.10", price, "12345678901234567.10"],
    [true, { name: "Is", type: "Boolean" }, "true"],
    ["2026-01-15T10:00:00-06:00", at, "2026-01-15 10:00:00"],
  ])("shows %j of %j as %s", (value, column, words) => {
    expect(shown(value, column)).toBe(words);
  });

  it("tells a moment in another zone only where its own is proved", () => {
    expect(shown("2026-01-15T20:00:00-06:00", at, "utc")).toBe("2026-01-16 02:00:00");
    expect(shown("2026-01-15T20:00:00", { name: "Own", type: "Date" }, "utc")).toBe("2026-01-15 20:00:00");
  });
});

describe("copied texts", () => {
  const copied = {
    columns: [text, price],
    rows: [
      ["O'Brien", 1.5],
      [null, 2],
      ["a\tb", null],
    ],
  };

  it("are what spreadsheets read", () => {
    expect(tabSeparated(copied, true)).toBe('Name\tPrice\nO\'Brien\t1.50\n\t2.00\n"a\tb"\t');
  });

  it("are a table of Markdown", () => {
    expect(markdown({ columns: [text, price], rows: [["a|b", 1]] })).toBe(
      "| Name | Price |\n| --- | ---: |\n| a\\|b | 1.00 |",
    );
  });

  it("are a list for IN: each value once, no null", () => {
    expect(inList({ columns: [text], rows: [["O'Brien"], [null], ["O'Brien"], ["b"]] })).toBe("IN ('O''Brien', 'b')");
    expect(inList({ columns: [price], rows: [[1.5]] })).toBe("IN (1.50)");
  });
});

describe("typeWords()", () => {
  it("has the size with the type", () => {
    expect([text, price, at].map(typeWords)).toEqual(["Text 50", "Decimal 12,2", "Date"]);
  });
});
