import { expect, test } from "vitest";
import { proveZeroData } from "./zero-data/prove.ts";

test("no row, literal, key or token stays in any store, log or answer, however it is written (R13, D79)", async () => {
  const { strays, blind, table } = await proveZeroData(() => undefined);
  expect(strays, table).toEqual([]);
  expect(blind, table).toEqual([]);
});
