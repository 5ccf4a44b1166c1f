import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";

/** What an error answer of REST says of itself (MCE 7.2). */
export type Envelope = {
  /** MCE's words; absent where it gives none. */
  message?: string;
  /** `errorcode`, as text. */
  code?: string;
  /** `retryAfter`, in milliseconds. */
  waitMs?: number;
};

/** Entries of an error list that are read; the rest says the same again. */
const entriesMax = 100;

/**
 * Reads an error envelope member by member: an odd one is left out and spoils nothing. Where `message` says nothing, the
 * texts of `errors` or `validationErrors` do.
 *
 * @returns no members for a text that is no JSON object
 */
export function readEnvelope(text: string): Envelope {
  const json = readJson(text);
  if (!isObject(json)) return {};
  const said = [[json["message"]], json["errors"], json["validationErrors"]]
    .map(textsOf)
    .find(({ length }) => length > 0);
  const code = scalarOf(json["errorcode"]);
  const seconds = Number(scalarOf(json["retryAfter"]) ?? Number.NaN);
  const waitMs = seconds >= 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return given({ message: said?.join("\n"), code, waitMs });
}

/**
 * Reads a list of messages: texts, or objects with a `message` (MCE 5.5). One alone counts as a list of it; an entry of
 * another kind is told by its JSON, because that there is one says something.
 */
export function textsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.slice(0, entriesMax).flatMap((entry) => textOf(entry) ?? []);
}

function textOf(entry: unknown): string | undefined {
  const said = isObject(entry) ? (entry["message"] ?? entry) : entry;
  if (said === undefined || said === null) return undefined;
  const text = (typeof said === "string" ? said : JSON.stringify(said)).trim();
  return text === "" ? undefined : text;
}

function scalarOf(value: unknown): string | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return text === "" ? undefined : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
