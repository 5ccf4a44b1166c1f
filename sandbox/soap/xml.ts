/** An element of a request: names are local, so prefixes do not matter; text of all its direct text nodes. */
export type XmlElement = {
  name: string;
  namespace: string;
  /** By local name. */
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  text: string;
};

type Open = {
  qualified: string;
  name: string;
  namespace: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  text: string;
  scope: ReadonlyMap<string, string>;
};

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([A-Za-z_][^\s/>]*)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
/** What XML 1.0 does not allow in a document. */
// oxlint-disable-next-line no-control-regex -- matching control characters is its purpose
export const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/;
const deepest = 100;

/** The root element of a document, or undefined when it is not well-formed; a DOCTYPE is never accepted. */
export function readXml(source: string): XmlElement | undefined {
  const input = source.replace(/^\uFEFF/, "");
  if (forbidden.test(input)) return undefined;
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  while (at < input.length) {
    token.lastIndex = at;
    const match = token.exec(input);
    if (match === null) return undefined;
    at = token.lastIndex;
    const [, cdata, closed, opened, attributes = "", empty, text] = match;
    const top = stack.at(-1);
    if (text !== undefined || cdata !== undefined) {
      const decoded = cdata ?? decode(text ?? "");
      if (decoded === undefined) return undefined;
      if (top !== undefined) top.text += decoded;
      else if (decoded.trim() !== "") return undefined;
    } else if (opened !== undefined) {
      if ((top === undefined && root !== undefined) || stack.length >= deepest) return undefined;
      const element = open(opened, attributes, top?.scope);
      if (element === undefined) return undefined;
      stack.push(element);
    }
    const ended = closed ?? (empty === "/" ? opened : undefined);
    if (ended === undefined) continue;
    const element = stack.pop();
    if (element === undefined || element.qualified !== ended) return undefined;
    const { name, namespace, children } = element;
    const done: XmlElement = { name, namespace, attributes: element.attributes, children, text: element.text };
    const parent = stack.at(-1);
    if (parent === undefined) root = done;
    else parent.children.push(done);
  }
  return stack.length === 0 ? root : undefined;
}

function open(
  qualified: string,
  source: string,
  outer: ReadonlyMap<string, string> = new Map([["xml", "xml"]]),
): Open | undefined {
  const scope = new Map(outer);
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single] of source.matchAll(attribute)) {
    const value = decode(double ?? single ?? "");
    if (value === undefined) return undefined;
    if (name === "xmlns") scope.set("", value);
    else if (name.startsWith("xmlns:")) scope.set(name.slice(6), value);
    else attributes.set(localName(name), value);
  }
  const prefix = qualified.includes(":") ? qualified.slice(0, qualified.indexOf(":")) : "";
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== "") return undefined;
  return {
    qualified,
    name: localName(qualified),
    namespace: namespace ?? "",
    attributes,
    children: [],
    text: "",
    scope,
  };
}

/** The part of a name behind its prefix. */
export function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(":") + 1);
}

/** Text with its references resolved; undefined for an unknown one or one that means no legal character. */
function decode(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let isSound = true;
  const decoded = text.replaceAll(
    /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));|&/g,
    (_, hex, decimal, name) => {
      const code =
        hex === undefined ? (decimal === undefined ? undefined : Number(decimal)) : Number.parseInt(String(hex), 16);
      const character =
        code === undefined
          ? named[String(name)]
          : code > 0x10ffff || code === 0
            ? undefined
            : String.fromCodePoint(code);
      if (character === undefined || forbidden.test(character)) isSound = false;
      return character ?? "";
    },
  );
  return isSound ? decoded : undefined;
}

/** The first child of this local name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((it) => it.name === name);
}

/** All children of this local name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((it) => it.name === name) ?? [];
}

/** Text of the element a path such as `ParentFolder.ID` leads to; undefined when it is absent or nil. */
export function textAt(element: XmlElement | undefined, path: string): string | undefined {
  let current = element;
  for (const name of path.split(".")) current = child(current, name);
  if (current === undefined || current.attributes.get("nil") === "true") return undefined;
  return current.text;
}
