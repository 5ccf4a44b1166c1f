import type { Parameter } from "#client/run-state.ts";
import { UsageError } from "./exit-code.ts";

const types = ["text", "number", "decimal", "date", "boolean"] as const;

/** Reads `name=value` or `name:type=value`; a value is text unless its type is named. @throws UsageError for anything else */
export function readParameter(text: string): Parameter {
  const { name, type = "text", value } = /^@?(?<name>\w+)(?::(?<type>\w+))?=(?<value>.*)$/s.exec(text)?.groups ?? {};
  const known = types.find((it) => it === type);
  if (name === undefined || value === undefined || known === undefined)
    throw new UsageError(`"${text}" is no parameter; write name=value or name:type=value (types: ${types.join(", ")})`);
  return { name, type: known, value: valueOf(known, value, text) };
}

function valueOf(type: Parameter["type"], value: string, text: string): Parameter["value"] {
  if (type === "number") {
    if (value.trim() === "" || !Number.isSafeInteger(Number(value)))
      throw new UsageError(`"${text}" has no whole number`);
    return Number(value);
  }
  if (type !== "boolean") return value;
  if (!/^(?:true|false|1|0)$/i.test(value)) throw new UsageError(`"${text}" is neither true nor false`);
  return /^(?:true|1)$/i.test(value);
}
