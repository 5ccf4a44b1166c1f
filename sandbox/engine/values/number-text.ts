import { decimalOf, decimalText, rescale } from "./decimal.ts";

/** A double as SQL Server's plain conversion to text prints it: six significant digits, `1e+006` from a million on. */
export function floatText(value: number, digits = 6): string {
  if (value === 0) return "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(exponentText);
  const trim = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent >= -4 && exponent < digits) return trim(value.toFixed(Math.max(0, digits - 1 - exponent)));
  const sign = exponent < 0 ? "-" : "+";
  return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(3, "0")}`;
}

/** A double with a number of digits and an exponent of three digits: `1.0000000e+000`. */
export function exponentText(value: number, digits: number): string {
  const [mantissa = "", exponent = "+0"] = value.toExponential(digits - 1).split("e");
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(3, "0")}`;
}

/** A double in plain digits without an exponent, shortest form that reads back as itself. */
export function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [mantissa = "0", exponent = "0"] = text.split("e");
  const digits = decimalOf(mantissa);
  const scale = digits.scale - Number(exponent);
  return scale <= 0
    ? decimalText({ units: digits.units * 10n ** BigInt(-scale), scale: 0 })
    : decimalText({ units: digits.units, scale });
}

/** A money value as its conversion to text prints it: two decimals, style 1 with commas, style 2 with all four. */
export function moneyText(digits: string, style: number): string {
  if (style === 2) return digits;
  const rounded = decimalText(rescale(decimalOf(digits), 2));
  if (style !== 1) return rounded;
  return rounded.replace(/\d(?=(\d{3})+\.)/g, "$&,");
}
