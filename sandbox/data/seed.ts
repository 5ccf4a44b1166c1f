import type { Engine, Field } from "../engine/engine.ts";

/** A data extension the seed made. */
export type SeededDataExtension = { mid: number; name: string; customerKey: string; fields: readonly Field[] };

/** Fills the engine with deterministic data for every business unit, and says which data extensions exist then. */
export function seed(
  engine: Engine,
  accounts: readonly { eid: number; mids: readonly number[] }[],
  _rows = 20_000,
  _now = Date.now(),
): { dataExtensions: SeededDataExtension[] } {
  const fields: Field[] = [
    { name: "CustomerKey", fieldType: "Text", maxLength: 50, isRequired: true, isPrimaryKey: true },
    { name: "EmailAddress", fieldType: "EmailAddress", maxLength: 254, isRequired: false, isPrimaryKey: false },
  ];
  const dataExtensions: SeededDataExtension[] = [];
  for (const mid of accounts.flatMap(({ mids }) => mids)) {
    engine.createTable(mid, "Customers", fields);
    engine.insertRows(mid, "Customers", [["C-1", "a@example.com"]]);
    dataExtensions.push({ mid, name: "Customers", customerKey: "Customers", fields });
  }
  return { dataExtensions };
}
