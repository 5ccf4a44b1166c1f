import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { aloneNames } from "../../bench/chaos/lives.ts";
import { faultNames } from "../../bench/chaos/plan.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/reliability-matrix.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const faults = rows.filter(([first = ""]) => /^\d+\. /.test(first));
const places = new Map(rows.filter((row) => row.length === 3).map(([name = "", where = ""]) => [name, where]));

test("the matrix has 26 faults in eight steps, and no cell is empty", () => {
  expect(faults.map(([name = ""]) => Number.parseInt(name, 10))).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
  expect(faults.filter((row) => row.length !== 10 || row.slice(1, 9).includes(""))).toEqual([]);
});

test("each cell names tests of the list, and each name of the list is used and is a file", () => {
  const cells = faults.flatMap((row) => row.slice(1, 9)).filter((cell) => cell !== "–");
  const named = new Set(cells.flatMap((cell) => cell.split(", ")));
  const listed = [...places].flatMap(([name, where]) => (where.startsWith("`") ? [{ name, where }] : []));
  expect(listed.map(({ name }) => name).sort()).toEqual([...named].sort());
  const missing = listed.filter(({ where }) => !existsSync(join(root, where.replaceAll("`", ""))));
  expect(missing).toEqual([]);
});

test("each fault of chaos that the matrix names is one, and chaos does none that it does not name by kind", () => {
  const quoted = faults.flatMap((row) => [...(row[9] ?? "").matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name));
  const counted = [...faultNames, ...Object.values(aloneNames)];
  expect(quoted.filter((name) => !counted.includes(name))).toEqual([]);
  const isNetwork = (name: string) => name.includes(" → ");
  const unnamed = counted.filter((name) => !isNetwork(name) && !quoted.includes(name));
  expect(unnamed).toEqual([
    "Redis away",
    "Marketing Cloud away",
    "a call never arrives",
    "realistic weather",
    "a result does not fit its table",
  ]);
});
