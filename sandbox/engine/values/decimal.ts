import { SqlError } from "./sql-error.ts";

/** An exact number: `units` × 10^-`scale`. */
export type Decimal = { units: bigint; scale: number };

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** Powers of ten as bigint; SQL Server's decimals never need more than 10^77 in between. */
export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** Reads plain digits such as `-12.340`; undefined for other text. Blanks around it are allowed. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const units = BigInt(whole + fraction);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

/** Reads a value the engine wrote itself. */
export function decimalOf(text: string): Decimal {
  const point = text.indexOf(".");
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** Moves to another scale, rounding half away from zero, or cutting when `cut`. */
export function rescale(value: Decimal, scale: number, cut = false): Decimal {
  if (scale >= value.scale) return { units: value.units * powerOfTen(scale - value.scale), scale };
  const divisor = powerOfTen(value.scale - scale);
  const quotient = value.units / divisor;
  if (cut) return { units: quotient, scale };
  const rest = value.units % divisor;
  const up = (rest < 0n ? -rest : rest) * 2n >= divisor;
  return { units: up ? quotient + (value.units < 0n ? -1n : 1n) : quotient, scale };
}

/** Plain digits with exactly `scale` decimals, as SQL Server prints a decimal. */
export function decimalText({ units, scale }: Decimal): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const sign = negative ? "-" : "";
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The value at this precision and scale; throws SQL Server's overflow error when its digits do not fit. */
export function fit(value: Decimal, precision: number, scale: number, from: string, to = "numeric"): Decimal {
  const fitted = rescale(value, scale);
  const magnitude = fitted.units < 0n ? -fitted.units : fitted.units;
  if (magnitude >= powerOfTen(precision))
    throw new SqlError(`Arithmetic overflow error converting ${from} to data type ${to}.`);
  return fitted;
}

/** The exact value a double stands for, cut to the 17 significant digits that SQL Server keeps. */
export function decimalOfNumber(value: number): Decimal {
  const [mantissa = "0", exponentText = "0"] = value.toExponential(16).split("e");
  const exponent = Number(exponentText);
  const digits = decimalOf(mantissa);
  const scale = digits.scale - exponent;
  return scale >= 0 ? { units: digits.units, scale } : { units: digits.units * powerOfTen(-scale), scale: 0 };
}

/** Text that orders decimals of one scale bytewise; integers where 15 digits are enough, so that SQLite can index them. */
export function decimalKey(text: string, precision: number): number | string {
  const { units } = decimalOf(text);
  if (precision <= 15) return Number(units);
  const shifted = units + powerOfTen(39);
  return shifted.toString().padStart(40, "0");
}
