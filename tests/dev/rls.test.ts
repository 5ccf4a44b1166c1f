import { expect, it, onTestFinished } from "vitest";
import { callers, makeMatrix } from "../proofs/rls/matrix.ts";
import { openSeeded } from "../proofs/rls/open.ts";
import { operations } from "../proofs/rls/rules.ts";
import { engines } from "./support/engines.ts";

it("nobody but its owner reaches a row, by any operation, in any table that the migrations make (PGlite)", async () => {
  const engine = await engines.find(({ name }) => name === "PGlite")?.open();
  if (engine === undefined) return expect.unreachable();
  onTestFinished(() => engine.close());
  const { tables, cells, holes } = await makeMatrix((await openSeeded(engine)).admin);
  expect(holes).toEqual([]);
  expect(cells.length).toBe(tables.length * callers.length * operations.length);
  expect(tables.length).toBeGreaterThan(18);
});
