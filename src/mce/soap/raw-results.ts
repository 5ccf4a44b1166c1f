import { child, childrenOf, decodeXml, parseXml, textAt, type XmlElement } from "./parse.ts";

/**
 * Cuts the `Results` out of a Retrieve's answer. Thousands of rows as a tree take seconds and hundreds of megabytes, more
 * than a Worker has.
 *
 * @returns the rest, which is as complete or as broken as the answer, and the XML of each result; no results when a CDATA
 *   section or comment could hold what looks like one
 */
export function splitResults(text: string): { rest: string; results: string[] } {
  if (text.includes("<![CDATA[") || text.includes("<!--")) return { rest: text, results: [] };
  const results: string[] = [];
  let rest = "";
  let from = 0;
  for (const { index } of text.matchAll(/<(?:\w+:)?Results[\s>]/g)) {
    if (index < from) continue;
    const closing = /<\/(?:\w+:)?Results\s*>/g;
    closing.lastIndex = index;
    const closed = closing.exec(text);
    if (closed === null) break;
    rest += text.slice(from, index);
    from = closed.index + closed[0].length;
    results.push(text.slice(index, from));
  }
  return { rest: rest + text.slice(from), results };
}

/** Such as xsi:nil of a value. */
const attributes = String.raw`(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*`;
const named = (name: string) => `(?:\\w+:)?${name}`;
const value = `<${named("Value")}${attributes}(?:/>|>([^<]*)</${named("Value")}>)`;
const pair = new RegExp(
  String.raw`\s*<${named("Property")}>\s*<${named("Name")}>([^<]*)</${named("Name")}>\s*(?:${value})?\s*</${named("Property")}>`,
  "y",
);

/**
 * Reads the Name and Value pairs of one result in the service's order. A value that is nil, empty or missing is "".
 *
 * @returns undefined for a result that is not complete XML
 */
export function readPairs(result: string): [name: string, value: string][] | undefined {
  const opening = /<(?:\w+:)?Properties\s*>/.exec(result);
  if (opening === null) return pairsOf(parseXml(result));
  const pairs: [string, string][] = [];
  pair.lastIndex = opening.index + opening[0].length;
  let end = pair.lastIndex;
  try {
    for (let found = pair.exec(result); found !== null; found = pair.exec(result)) {
      pairs.push([decodeXml(found[1] ?? ""), decodeXml(found[2] ?? "")]);
      end = pair.lastIndex;
    }
  } catch {
    // An unknown entity: unreadable, as a whole answer with one would be.
    return undefined;
  }
  const isWhole = /^\s*<\/(?:\w+:)?Properties\s*>/.test(result.slice(end, end + 200));
  // A spelling not seen before: the parser knows more of them.
  return isWhole ? pairs : pairsOf(parseXml(result));
}

/** Reads the pairs of a parsed result. */
export function pairsOf(result: XmlElement | undefined): [name: string, value: string][] | undefined {
  if (result === undefined) return undefined;
  const properties = childrenOf(child(result, "Properties"), "Property");
  return properties.map((property) => [textAt(property, "Name") ?? "", textAt(property, "Value") ?? ""]);
}
