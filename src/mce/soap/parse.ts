import { XMLParser, XMLValidator } from "fast-xml-parser";

/** One element, without prefixes and attributes, with decoded text. Names are values here, never keys of an object. */
export type XmlElement = { name: string; children: readonly XmlElement[]; text: string };

/** Only an attacker nests deeper; the parser's own limit is 100. */
const maxDepth = 60;

/** The bytes were read as UTF-8 (`http.ts`). What .NET writes as UTF-16 into a text is sent as UTF-8. */
const otherEncoding = /^\s*<\?xml[^>]*\sencoding\s*=\s*["'](?!(?:utf-8|utf-16|us-ascii)["'])/i;

/** A document begins with a declaration, comments and instructions, and then its root. */
const beginning = /^\uFEFF?\s*(?:<\?\w[^<>]*\?>\s*|<!--(?:(?!-->)[^])*-->\s*)*<[^\s<>/?!&]/;
/** It ends with a tag, a comment or an instruction. */
const ending = /(?:<\/[^<>]*|\/|--|\?)>\s*$/;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: "#cdata",
});

/**
 * Parses the XML document of an answer.
 *
 * @returns its root; undefined for an incomplete document, a DOCTYPE or ENTITY, an entity other than the five, another encoding than
 *   that of the text, or nesting over `maxDepth`
 */
export function parseXml(text: string): XmlElement | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || otherEncoding.test(text)) return undefined;
  try {
    // The parser passes over what stands around the root, such as the rest of another document.
    if (!beginning.test(text) || !ending.test(text)) return undefined;
    // The parser alone accepts a truncated document.
    if (XMLValidator.validate(text) !== true) return undefined;
    // fast-xml-parser types its result as any.
    const nodes: unknown = parser.parse(text);
    const roots = elementsOf(nodes, 0).children;
    return roots.length === 1 ? roots[0] : undefined;
  } catch {
    // An error of the parser or of the reader below means the same to the caller: no answer.
    return undefined;
  }
}

/** Returns the first child with that name. */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((element) => element.name === name);
}

/** Returns every child with that name, so that one result is read like many. */
export function childrenOf(parent: XmlElement | undefined, name: string): readonly XmlElement[] {
  return parent?.children.filter((element) => element.name === name) ?? [];
}

/** Returns the element at the end of a path of names, following the first of each. */
export function at(parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(child, parent);
}

/** Returns the text at the end of a path; undefined when it is absent, nil or empty: MCE writes all three for "no value". */
export function textAt(parent: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const text = at(parent, ...path)?.text;
  return text === undefined || text === "" ? undefined : text;
}

/** Returns the whole number at the end of a path; undefined for anything else. */
export function integerAt(parent: XmlElement | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(parent, ...path)?.trim();
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function elementsOf(nodes: unknown, depth: number): { children: XmlElement[]; text: string } {
  if (!Array.isArray(nodes) || depth > maxDepth) throw new Error("Cannot read XML: not a tree of sane depth");
  const children: XmlElement[] = [];
  let text = "";
  for (const node of nodes as readonly unknown[]) {
    // One key for each node; `__proto__` would leave none.
    const [entry] = typeof node === "object" && node !== null ? Object.entries(node) : [];
    if (entry === undefined) throw new Error("Cannot read XML: a node without a name");
    const [name, value]: [string, unknown] = entry;
    if (name === "#text") text += decodeXml(String(value));
    else if (name === "#cdata") text += rawText(value);
    // The parser renames what would be a member of every object, such as `hasOwnProperty`.
    else if (name.startsWith("__")) throw new Error("Cannot read XML: a name that Marketing Cloud does not use");
    else children.push({ name, ...elementsOf(value, depth + 1) });
  }
  return { children, text };
}

/** Reads a CDATA section: a list of text nodes whose ampersands are plain text. */
function rawText(nodes: unknown): string {
  if (!Array.isArray(nodes)) throw new Error("Cannot read XML: a CDATA section without text");
  return (nodes as readonly unknown[])
    .map((node) => (typeof node === "object" && node !== null && "#text" in node ? String(node["#text"]) : ""))
    .join("");
}

/** A map, not an object: `constructor` is not an entity. */
const entities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Decodes the five entities and character references, once. @throws for any other entity */
export function decodeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));|&/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      const known = name === undefined ? undefined : entities.get(name);
      if (known !== undefined) return known;
      if (decimal === undefined && hex === undefined) throw new Error(`Cannot read XML: unknown entity "${all}"`);
      return character(decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(decimal, 10));
    },
  );
}

/** .NET services write control characters as references that XML 1.0 does not allow; these become nothing. */
function character(code: number): string {
  if (code > 0x10ffff) throw new Error("Cannot read XML: a reference beyond Unicode");
  const isLegal =
    code >= 0x20 ? code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff : [9, 10, 13].includes(code);
  return isLegal ? String.fromCodePoint(code) : "";
}
