import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";

/** The content of a REST error answer (MCE 7.2). */
export type Envelope = {
  /** MCE's words; absent when it gives none. */
  message?: string;
  /** `errorcode`, as text. */
  code?: string;
  /** `retryAfter`, in milliseconds. */
  waitMs?: number;
};

/** How many entries of an error list are read; the rest only repeats them. */
const entriesMax = 100;

/**
 * Reads an error envelope member by member, so that an odd member does not spoil the others. Without a `message` it
 * takes the texts of `errors` or `validationErrors`.
 *
 * @returns no members for a text that is not a JSON object
 */
export function readEnvelope(text: string): Envelope {
  const json = readJson(text);
  if (!isObject(json)) return {};
  const texts = [[json["message"]], json["errors"], json["validationErrors"]]
    .map(textsOf)
    .find(({ length }) => length > 0);
  const code = scalarOf(json["errorcode"]);
  const seconds = Number(scalarOf(json["retryAfter"]) ?? Number.NaN);
  const waitMs = seconds >= 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return given({ message: texts?.join("\n"), code, waitMs });
}

/**
 * Reads a list of messages: texts, or objects with a `message` (MCE 5.5). A single one counts as a list. An entry of
 * another kind becomes its JSON, because its presence alone means something.
 */
export function textsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.slice(0, entriesMax).flatMap((entry) => textOf(entry) ?? []);
}

function textOf(entry: unknown): string | undefined {
  const content = isObject(entry) ? (entry["message"] ?? entry) : entry;
  if (content === undefined || content === null) return undefined;
  const text = (typeof content === "string" ? content : JSON.stringify(content)).trim();
  return text === "" ? undefined : text;
}

function scalarOf(value: unknown): string | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return text === "" ? undefined : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
