/** The parser's tree as JSON: Rust enums are `{Variant: payload}` or a bare string. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Node = { [key: string]: Json };

/** The value as an object, or an empty one. */
export function node(json: Json | undefined): Node {
  return json !== null && typeof json === "object" && !Array.isArray(json) ? json : {};
}

/** The value as a list, or an empty one. */
export function list(json: Json | undefined): Json[] {
  return Array.isArray(json) ? json : [];
}

/** The value as text, if it is text. */
export function word(json: Json | undefined): string | undefined {
  return typeof json === "string" ? json : undefined;
}

/** The name of an enum's variant and what it carries. */
export function variant(json: Json | undefined): { name: string; body: Json } {
  if (typeof json === "string") return { name: json, body: null };
  const [name = "", body = null] = Object.entries(node(json))[0] ?? [];
  return { name, body };
}

/** The name an identifier writes, without its brackets. */
export function nameOf(identifier: Json | undefined): string {
  return word(node(identifier)["value"]) ?? "";
}

/** The parts of a dotted object name. */
export function partsOfName(objectName: Json | undefined): string[] {
  return list(objectName).map((part) => nameOf(node(part)["Identifier"]));
}

/** An expression without the parentheses around it. */
export function unnested(json: Json): Json {
  const { name, body } = variant(json);
  return name === "Nested" ? unnested(body) : json;
}
