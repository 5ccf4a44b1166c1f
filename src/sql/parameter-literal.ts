/** What a value can be, and the type that its literal gets. */
export type ParameterValue = {
  type: "text" | "number" | "decimal" | "date" | "boolean";
  value: string | number | boolean | null;
};

/** Digits of a T-SQL numeric. */
const maxDigits = 38;

const isoDate = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/**
 * The T-SQL literal of a value; nothing when the value does not have its type.
 *
 * Types stay what they are: a date is no text, and a flag no number.
 */
export function parameterLiteral({ type, value }: ParameterValue): string | undefined {
  if (value === null) return "NULL";
  switch (type) {
    case "text":
      return typeof value === "string" ? `N'${value.replaceAll("'", "''")}'` : undefined;
    case "number":
      return numberText(value, /^-?\d+$/);
    case "decimal": {
      const text = numberText(value, /^-?\d+(?:\.\d+)?$/);
      return text === undefined || text.includes(".") ? text : text.replace(/\d(?=\)?$)/, "$&.0");
    }
    case "date":
      return typeof value === "string" ? dateText(value) : undefined;
    case "boolean":
      return typeof value === "boolean" ? `CAST(${value ? 1 : 0} AS bit)` : undefined;
  }
}

/** A number as it is written, a negative one in parentheses: a minus before it must not become a comment. */
function numberText(value: string | number | boolean, shape: RegExp): string | undefined {
  if (typeof value === "boolean") return undefined;
  const text = String(value);
  const isExact = typeof value === "string" || !Number.isInteger(value) || Number.isSafeInteger(value);
  if (!shape.test(text) || !isExact || text.replaceAll(/\D/g, "").length > maxDigits) return undefined;
  return text.startsWith("-") ? `(${text})` : text;
}

/** A date that exists, whatever the server's language: ISO 8601 with a T. */
function dateText(value: string): string | undefined {
  const match = isoDate.exec(value);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", part = ""] = match;
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const at = new Date(`${whole}Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(whole) && Number(year) >= 1753;
  return isReal ? `CAST('${whole}${part === "" ? "" : `.${part}`}' AS datetime)` : undefined;
}
