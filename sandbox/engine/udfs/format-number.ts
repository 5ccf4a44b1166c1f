import { decimalText, powerOfTen, rescale, type Decimal } from "../values/decimal.ts";
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
      return `${shown(fixed({ units: magnitude.units * 100n, scale: magnitude.scale }, places, true))} %`;
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

type Section = {
  before: string;
  whole: string;
  fraction: string;
  after: string;
  isGrouped: boolean;
  thousands: number;
  isPercent: boolean;
};

function literal(text: string): string {
  return text.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_all, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
      single ?? double ?? escaped ?? "",
  );
}

function readSection(text: string): Section {
  if (/[eE][+-]?0/.test(text) || text.includes("‰")) return unsupported(`FORMAT with the number pattern '${text}'`);
  const match =
    /^((?:'[^']*'|"[^"]*"|\\.|[^0#.,'"\\])*)([0#,]*)(?:\.([0#]*))?((?:'[^']*'|"[^"]*"|\\.|[^0#.,'"\\])*)$/.exec(text);
  if (match === null) return unsupported(`FORMAT with the number pattern '${text}'`);
  const [, before = "", digits = "", fraction = "", after = ""] = match;
  const trailing = /,*$/.exec(digits)?.[0].length ?? 0;
  const core = digits.slice(0, digits.length - trailing);
  return {
    before,
    whole: core.replaceAll(",", ""),
    fraction,
    after,
    isGrouped: core.includes(","),
    thousands: trailing,
    isPercent: /%/.test(before + after),
  };
}

function customFormat(value: Decimal, format: string): string {
  const sections = format.split(/;(?=(?:[^'"]*['"][^'"]*['"])*[^'"]*$)/);
  if (sections.length > 3) return unsupported(`FORMAT with the number pattern '${format}'`);
  const isNegative = value.units < 0n;
  const chosen =
    value.units === 0n && sections[2] !== undefined
      ? sections[2]
      : isNegative && sections[1] !== undefined && sections[1] !== ""
        ? sections[1]
        : (sections[0] ?? "");
  const ownSign = isNegative && chosen === sections[0];
  const section = readSection(chosen);
  const lifted: Decimal = {
    units: (isNegative ? -value.units : value.units) * (section.isPercent ? 100n : 1n),
    scale: value.scale + section.thousands * 3,
  };
  const text = decimalText(rescale(lifted, section.fraction.length));
  const [wholeText = "0", fractionText = ""] = text.split(".");
  const least = section.whole.length - section.whole.indexOf("0");
  const needed = section.whole.includes("0") ? least : 0;
  const whole = (wholeText === "0" ? "" : wholeText).padStart(needed, "0");
  const optional = section.fraction.length - (section.fraction.lastIndexOf("0") + 1);
  let fraction = fractionText;
  for (let n = 0; n < optional && fraction.endsWith("0"); n += 1) fraction = fraction.slice(0, -1);
  const number = (section.isGrouped ? grouped(whole) : whole) + (fraction === "" ? "" : `.${fraction}`);
  const sign =
    ownSign && lifted.units >= powerOfTen(Math.max(0, lifted.scale - section.fraction.length)) / 2n ? "-" : "";
  return sign + literal(section.before) + number + literal(section.after);
}

/** A number by a .NET standard or custom number format, in English. */
export function formatNumber(value: Decimal, format: string, isWhole: boolean): string {
  const match = /^([A-Za-z])(\d{0,2})$/.exec(format);
  if (match === null) return customFormat(value, format);
  const [, kind = "", digits = ""] = match;
  return standardFormat(value, kind.toUpperCase(), digits === "" ? undefined : Number(digits), isWhole);
}
