import { decimalText, rescale, type Decimal } from "../values/decimal.ts";
import { customNumber } from "./custom-number.ts";
import { unsupported } from "../values/sql-error.ts";

function grouped(whole: string): string {
  return whole.replaceAll(/\d(?=(\d{3})+$)/g, "$&,");
}

function fixed(value: Decimal, places: number, isGrouped: boolean): string {
  const [whole = "0", fraction] = decimalText(rescale(value, places)).split(".");
  return (isGrouped ? grouped(whole) : whole) + (fraction === undefined ? "" : `.${fraction}`);
}

function standardFormat(value: Decimal, kind: string, digits: number | undefined, isWhole: boolean): string {
  const magnitude: Decimal = { units: value.units < 0n ? -value.units : value.units, scale: value.scale };
  const places = digits ?? 2;
  const isNegative = value.units < 0n;
  const shown = (text: string): string => (isNegative && /[1-9]/.test(text) ? `-${text}` : text);
  switch (kind) {
    case "N":
      return shown(fixed(magnitude, places, true));
    case "F":
      return shown(fixed(magnitude, places, false));
    case "C": {
      const amount = `$${fixed(magnitude, places, true)}`;
      return isNegative && /[1-9]/.test(amount) ? `(${amount})` : amount;
    }
    case "P":
      // In English no blank stands before the sign since Windows 10 and Server 2016.
      return `${shown(fixed({ units: magnitude.units * 100n, scale: magnitude.scale }, places, true))}%`;
    case "D":
      if (!isWhole) return unsupported("FORMAT D of a number with decimals");
      return (isNegative ? "-" : "") + String(magnitude.units).padStart(digits ?? 0, "0");
    case "G":
      if (!isWhole || digits !== undefined) return unsupported("FORMAT G of a number with decimals");
      return decimalText(value);
    default:
      return unsupported(`FORMAT with the standard number format '${kind}'`);
  }
}

/** A number by a .NET standard or custom number format, in English. */
export function formatNumber(value: Decimal, format: string, isWhole: boolean): string {
  const match = /^([A-Za-z])(\d{0,2})$/.exec(format);
  if (match === null) return customNumber(value, format);
  const [, kind = "", digits = ""] = match;
  return standardFormat(value, kind.toUpperCase(), digits === "" ? undefined : Number(digits), isWhole);
}
