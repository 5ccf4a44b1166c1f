import { InvalidArgumentError } from "commander";

/** Reads a positive whole number, such as an EID. */
export function readNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It is a positive whole number.");
  return Number(text);
}

/** Reads a list of them, separated by commas. */
export function readNumbers(text: string): number[] {
  return text.split(",").map((one) => readNumber(one.trim()));
}

/** Reads a sub-domain. */
export function readSubdomain(text: string): string {
  if (!/^[a-z0-9-]{1,63}$/.test(text))
    throw new InvalidArgumentError("It is the part before .auth.marketingcloudapis.com.");
  return text;
}

/** Reads the last part of a tenant's own address. */
export function readSlug(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(text))
    throw new InvalidArgumentError("It has small letters, digits and hyphens.");
  return text;
}

/** Rows as lines: the values of each, with their names. */
export function linesOf(rows: readonly object[], nothing: string): string[] {
  if (rows.length === 0) return [nothing];
  return rows.map((row) =>
    Object.entries(row)
      .filter(([, value]) => value !== null && value !== "")
      .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(",") : String(value)}`)
      .join("  "),
  );
}
