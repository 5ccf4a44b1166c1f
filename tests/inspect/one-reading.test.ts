import { beforeEach, expect, it, vi } from "vitest";
import { guardTokens } from "#sql/guard.ts";
import { readQuery } from "#sql/syntax/read-query.ts";
import { scan } from "#sql/syntax/scan.ts";
import { ask, inspectSql, useInspecting } from "./support/inspecting.ts";

// The code is the product's own; only its calls are counted.
vi.mock(import("#sql/guard.ts"), { spy: true });
vi.mock(import("#sql/syntax/read-query.ts"), { spy: true });
vi.mock(import("#sql/syntax/scan.ts"), { spy: true });

useInspecting();
beforeEach(() => {
  vi.mocked(scan).mockClear();
  vi.mocked(readQuery).mockClear();
  vi.mocked(guardTokens).mockClear();
});

/** How often a text was scanned, parsed and guarded; names, which are scanned for what they begin with, are not texts. */
function readingsOf(sql: string): { scans: number; parses: number; guards: number } {
  const count = (calls: readonly (readonly unknown[])[]) => calls.filter(([text]) => text === sql).length;
  return {
    scans: count(vi.mocked(scan).mock.calls),
    parses: count(vi.mocked(readQuery).mock.calls),
    guards: count(vi.mocked(guardTokens).mock.calls),
  };
}

const once = { scans: 1, parses: 1, guards: 1 };

it.each([
  ["that is right", "SELECT CustomerKey FROM Customers WHERE 1 = 1", false],
  ["whose columns and tables are looked for once more", "SELECT c.Nickname FROM Customers c, Custommers d", false],
  ["that is broken", "SELECT CustomerKey FROM Customers WHERE", false],
  ["on which Marketing Cloud does not answer", "SELECT Nickname FROM Customers WHERE 1 = 1", true],
])("inspect() scans, parses and guards a text once: %s", async (_name, sql, validateDown) => {
  await ask("behaviours", { validateDown });
  await inspectSql("SELECT CustomerKey FROM Customers");
  await inspectSql(sql);
  expect(readingsOf(sql)).toEqual(once);
});
