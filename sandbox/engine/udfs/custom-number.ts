import { decimalText, powerOfTen, rescale, type Decimal } from "../values/decimal.ts";
import { unsupported } from "../values/sql-error.ts";

/** A place for a digit of the whole part, or text between such places. */
type Place = { digit: "0" | "#" } | { text: string };

type Section = {
  before: string;
  whole: Place[];
  fraction: string;
  after: string;
  isGrouped: boolean;
  thousands: number;
  /** The factor of the shown number: 100 for %, 1,000 for ‰. */
  factor: bigint;
};

const literalPattern = `'[^']*'|"[^"]*"|\\\\.|[^0#.,'"\\\\]`;
const sectionPattern = new RegExp(
  `^((?:${literalPattern})*)((?:[0#](?:[0#,]|${literalPattern})*[0#,]|[0#])?)(?:\\.([0#]*))?((?:${literalPattern})*)$`,
);

function literal(text: string): string {
  return text.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_all, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
      single ?? double ?? escaped ?? "",
  );
}

/** Each sign outside quotes counts. */
function factorOf(text: string): bigint {
  const signs = text.replaceAll(/'[^']*'|"[^"]*"|\\./g, "").match(/[%‰]/g) ?? [];
  return signs.reduce((factor, sign) => factor * (sign === "%" ? 100n : 1000n), 1n);
}

function readSection(text: string): Section {
  const match = /[eE][+-]?0/.test(text) ? null : sectionPattern.exec(text);
  if (match === null) return unsupported(`FORMAT with the number pattern '${text}'`);
  const [, before = "", digits = "", fraction = "", after = ""] = match;
  const thousands = /,*$/.exec(digits)?.[0].length ?? 0;
  const core = digits.slice(0, digits.length - thousands);
  const whole = (core.match(new RegExp(literalPattern + "|[0#]", "g")) ?? []).map((piece): Place =>
    piece === "0" || piece === "#" ? { digit: piece } : { text: literal(piece) },
  );
  const isGrouped = core.includes(",");
  if (isGrouped && whole.some((place) => "text" in place))
    return unsupported(`FORMAT with the number pattern '${text}'`);
  return { before, whole, fraction, after, isGrouped, thousands, factor: factorOf(text) };
}

/** Fills digits into their places, from the right; further ones go before the first place. */
function fillPlaces(places: readonly Place[], digits: string): string {
  const isDigit = (place: Place): boolean => "digit" in place;
  const firstZero = places.findIndex((place) => "digit" in place && place.digit === "0");
  const firstPlace = places.findIndex(isDigit);
  let rest = digits;
  let filled = "";
  for (const [at, place] of [...places.entries()].toReversed()) {
    if ("text" in place) filled = place.text + filled;
    else if (rest !== "") {
      const taken = at === firstPlace ? rest : rest.slice(-1);
      rest = rest.slice(0, rest.length - taken.length);
      filled = taken + filled;
    } else if (firstZero >= 0 && at >= firstZero) filled = `0${filled}`;
  }
  return rest + filled;
}

function chosenSection(value: Decimal, format: string): { text: string; ownSign: boolean } {
  const sections = format.split(/;(?=(?:[^'"]*['"][^'"]*['"])*[^'"]*$)/);
  const [first = "", second, third] = sections;
  if (sections.length > 3) return unsupported(`FORMAT with the number pattern '${format}'`);
  if (value.units === 0n && third !== undefined) return { text: third, ownSign: false };
  if (value.units < 0n && second !== undefined && second !== "") return { text: second, ownSign: false };
  return { text: first, ownSign: value.units < 0n };
}

/** A number by a custom .NET format such as `#,##0.00` or `000-00`, in English. */
export function customNumber(value: Decimal, format: string): string {
  const { text, ownSign } = chosenSection(value, format);
  const section = readSection(text);
  const lifted: Decimal = {
    units: (value.units < 0n ? -value.units : value.units) * section.factor,
    scale: value.scale + section.thousands * 3,
  };
  const places = section.fraction.length;
  const [wholeText = "0", fractionText = ""] = decimalText(rescale(lifted, places)).split(".");
  const filled = fillPlaces(section.whole, wholeText === "0" ? "" : wholeText);
  const whole = section.isGrouped ? filled.replaceAll(/\d(?=(\d{3})+$)/g, "$&,") : filled;
  let fraction = fractionText;
  for (let n = places - (section.fraction.lastIndexOf("0") + 1); n > 0 && fraction.endsWith("0"); n -= 1)
    fraction = fraction.slice(0, -1);
  // What rounds to zero has no sign.
  const sign = ownSign && lifted.units * 2n >= powerOfTen(Math.max(0, lifted.scale - places)) ? "-" : "";
  return sign + literal(section.before) + whole + (fraction === "" ? "" : `.${fraction}`) + literal(section.after);
}
