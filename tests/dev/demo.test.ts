import { expect, test } from "vitest";
import { table } from "../../dev/demo/table.ts";

test("table() aligns words to the left and numbers to the right under their names, null as a dash", () => {
  const columns = [
    { name: "Customer", type: "Text" },
    { name: "Orders", type: "Number" },
    { name: "Revenue", type: "Decimal" },
  ];
  const rows = [
    ["Ada", 12, "1234.50"],
    ["Grace Hopper", 3, null],
  ];
  expect(table({ columns, rows })).toEqual([
    "Customer      Orders  Revenue",
    "────────────  ──────  ───────",
    "Ada               12  1234.50",
    "Grace Hopper       3        –",
  ]);
});

test("table() of no rows shows the names", () => {
  expect(table({ columns: [{ name: "Id", type: "Text" }], rows: [] })).toEqual(["Id", "──"]);
});
