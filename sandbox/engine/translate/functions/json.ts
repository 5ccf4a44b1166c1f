import { SqlError, unsupported } from "../../values/sql-error.ts";
import { text } from "../../types.ts";
import type { Context, Expr } from "../model.ts";
import { expectArguments, strict, textArgument, type Call } from "./builder.ts";

/** A number of a JSON text keeps its own digits: `1.50` stays `1.50`. */
const digits = Symbol("digits");

function readJson(json: string): unknown {
  try {
    return JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === "number" ? { [digits]: context?.source ?? String(value) } : value,
    );
  } catch {
    throw new SqlError("JSON text is not properly formatted.");
  }
}

/** The steps of a lax path such as `$.a."b c"[0]`. */
function readPath(path: string): (string | number)[] {
  const match = /^\s*(lax\s+)?\$((?:\."[^"]*"|\.\w+|\[\d+\])*)\s*$/.exec(path);
  if (match === null) return unsupported(`the JSON path '${path}'`);
  return [...(match[2] ?? "").matchAll(/\."([^"]*)"|\.(\w+)|\[(\d+)\]/g)].map(([, quoted, name, index]) =>
    index === undefined ? (quoted ?? name ?? "") : Number(index),
  );
}

function stepInto(value: unknown, step: string | number): unknown {
  if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === step)?.[1];
}

/** JSON_VALUE: a scalar of a JSON text, NULL for anything else that a lax path finds. */
export function jsonValue(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const args = [textArgument(context, written, 0), textArgument(context, written, 1)];
  return strict(context, "json_value", args, text(4000, true), (json, path) => {
    const found = readPath(String(path)).reduce<unknown>(stepInto, readJson(String(json)));
    const shown: unknown = typeof found === "object" && found !== null && digits in found ? found[digits] : found;
    if (typeof shown === "boolean") return String(shown);
    return typeof shown === "string" && shown.length <= 4000 ? shown : null;
  });
}
