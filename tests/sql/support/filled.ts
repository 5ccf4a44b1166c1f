import type { OutputColumn, TableField } from "#sql/infer.ts";
import type { Engine, Field } from "../../../sandbox/engine/engine.ts";

/** A small generator of numbers, so that a failure comes again. */
function openDice(): (sides: number) => number {
  let state = 7;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % sides;
  };
}

/** A column as a field of the sandbox. */
export function fieldOf({ name, fieldType, maxLength, precision, scale }: TableField | OutputColumn): Field {
  const size = precision ?? maxLength;
  return {
    name,
    fieldType,
    ...(size === undefined ? {} : { maxLength: size }),
    ...(scale === undefined ? {} : { scale }),
    isRequired: false,
    isPrimaryKey: false,
  };
}

/** A value that fills its field to the brim, or one small enough to meet others in joins. */
function valueFor(
  { fieldType, maxLength, precision, scale = 0 }: TableField,
  dice: (sides: number) => number,
): string | null {
  if (dice(10) === 0) return null;
  switch (fieldType) {
    case "Number":
      return dice(3) === 0 ? "2147483647" : String(dice(4) + 1);
    case "Decimal":
      return (
        "9".repeat(Math.max(1, (precision ?? (maxLength || 18)) - scale)) + (scale > 0 ? `.${"9".repeat(scale)}` : "")
      );
    case "Date":
      return `2026-1${dice(2)}-1${dice(10)} 10:11:12.000`;
    case "Boolean":
      return dice(2) === 0 ? "True" : "False";
    case "EmailAddress":
      return `${"a".repeat(Math.min(60, (maxLength || 254) - 6))}${dice(4)}@x.com`;
    case "Phone":
      return `+49123456${dice(9)}`;
    case "Locale":
      return "en-US";
    case "Text":
      return dice(3) === 0 ? "x".repeat(maxLength || 4000) : String(dice(4) + 1);
  }
}

/** Creates tables, each with twelve rows of values, the same at every call. */
export function fill(engine: Engine, tables: Readonly<Record<string, readonly TableField[]>>): void {
  const dice = openDice();
  for (const [name, fields] of Object.entries(tables)) {
    engine.createTable(1, name, fields.map(fieldOf));
    const rows = Array.from({ length: 12 }, () => fields.map((field) => valueFor(field, dice)));
    const filled = engine.insertRows(1, name, rows);
    if (filled.kind !== "applied" || filled.rows !== 12)
      throw new Error(`Cannot fill ${name}: ${JSON.stringify(filled)}`);
  }
}
