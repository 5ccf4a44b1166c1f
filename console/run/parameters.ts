import type { Parameter } from "#client/run-state.ts";
import type { Tab } from "../state/tab.ts";

/**
 * The names with an @ of a text, each once, lower-cased and without the sign, in the order met. Text in quotes, brackets and
 * comments does not count.
 */
export function parameterNames(sql: string): string[] {
  const names = new Set<string>();
  for (const [, name] of sql.matchAll(pattern)) if (name !== undefined) names.add(name.toLowerCase());
  return [...names];
}

/** Passes over texts, names and comments; `@@` names belong to the server. */
const pattern =
  /'(?:[^']|'')*'?|"[^"]*"?|\[[^\]]*\]?|--[^\r\n]*|\/\*[^]*?(?:\*\/|$)|@@\w+|[\p{L}\p{N}_]@|@([\p{L}_][\p{L}\p{N}_]*)/gu;

/** The values that a run takes along: those its text names. An empty one is sent as NULL. */
export function parametersOf(sql: string, known: Tab["parameters"]): Parameter[] {
  return parameterNames(sql).flatMap((name) => {
    const parameter = known[name];
    return parameter === undefined ? [] : [{ name, type: parameter.type, value: valueOf(parameter) }];
  });
}

function valueOf({ type, text }: Tab["parameters"][string]): Parameter["value"] {
  if (text === "") return type === "text" ? "" : null;
  switch (type) {
    case "number": {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    case "boolean":
      return /^(?:true|1|yes)$/i.test(text);
    // Decimals keep their digits as text.
    case "decimal":
    case "date":
    case "text":
      return text;
  }
}
