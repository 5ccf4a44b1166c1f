import { describe, expect, it } from "vitest";
import { markdown } from "#cli/format/markdown.ts";
import { gridOf, print, type Format } from "#cli/format/print.ts";
import { textTable } from "#cli/format/text-table.ts";
import { memory } from "./support/terminal.ts";

const columns = [
  { name: "Customer", type: "Text" },
  { name: "Orders", type: "Number" },
  { name: "Revenue", type: "Decimal" },
];

describe("textTable()", () => {
  it("aligns words to the left and numbers to the right under their names, null as a dash", () => {
    const rows = [
      ["Ada", 12, "1234.50"],
      ["Grace Hopper", 3, null],
    ];
    expect(textTable({ columns, rows })).toEqual([
      "Customer      Orders  Revenue",
      "────────────  ──────  ───────",
      "Ada               12  1234.50",
      "Grace Hopper       3        –",
    ]);
  });

  it("of no rows shows the names", () => {
    expect(textTable({ columns: [{ name: "Id", type: "Text" }], rows: [] })).toEqual(["Id", "──"]);
  });

  it("aligns signs that are two columns wide, and signs of several code points", () => {
    const named = [
      { name: "名前", type: "Text" },
      { name: "N", type: "Number" },
    ];
    expect(
      textTable({
        columns: named,
        rows: [
          ["山田太郎", 1],
          ["👩‍👩‍👧", 22],
          ["Zoë", 3],
        ],
      }),
    ).toEqual(["名前       N", "────────  ──", "山田太郎   1", "👩‍👩‍👧        22", "Zoë        3"]);
  });

  it("lets no value move the cursor or turn the text", () => {
    const hostile = "a\u001b[2Jb\nc\u202ed\u0007\u009b";
    expect(textTable({ columns: [{ name: "A\tB", type: "Text" }], rows: [[hostile]] })).toEqual([
      "A\\tB",
      "─".repeat(33),
      "a\\u001b[2Jb\\nc\\u202ed\\u0007\\u009b",
    ]);
  });
});

describe("markdown()", () => {
  it("keeps every value in its cell, and what looks like Markdown or HTML as text", () => {
    expect(
      markdown({
        columns: columns.slice(0, 2),
        rows: [
          ["a|b\n*c* <b> \\", 1],
          [null, null],
        ],
      }),
    ).toEqual(["| Customer | Orders |", "| --- | --: |", "| a\\|b<br>\\*c\\* &lt;b> \\\\ | 1 |", "|  |  |"]);
  });
});

describe("print()", () => {
  const answer = { columns, rows: [["Ada", 12, null]], page: 1 };

  async function printed(format: Format | undefined, isTTY: boolean): Promise<string> {
    const { output, text } = memory(isTTY);
    await print({ stdout: output }, { answer, grid: answer }, format);
    return text();
  }

  it("gives a table to a terminal and one object a line to a pipe", async () => {
    expect(await printed(undefined, true)).toMatch(/^Customer {2}Orders {2}Revenue\n─/);
    expect(await printed(undefined, false)).toBe('{"Customer":"Ada","Orders":12,"Revenue":null}\n');
    expect(await printed("ndjson", true)).toBe(await printed(undefined, false));
  });

  it("gives the API's whole answer as json", async () => {
    expect(JSON.parse(await printed("json", true))).toEqual(answer);
  });
});

describe("gridOf()", () => {
  it("takes the members of a list in their order; a column of numbers is one, an empty one is text", () => {
    expect(
      gridOf([{ a: "x", n: 1 }, { a: "y" }], { a: ({ a }) => a, n: (it: { n?: number }) => it.n, e: () => undefined }),
    ).toEqual({
      columns: [
        { name: "a", type: "Text" },
        { name: "n", type: "Number" },
        { name: "e", type: "Text" },
      ],
      rows: [
        ["x", 1, null],
        ["y", null, null],
      ],
    });
  });
});
