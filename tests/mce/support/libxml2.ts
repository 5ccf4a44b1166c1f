import { ParseOption, XmlDocument, XmlElement as Libxml2Element } from "libxml2-wasm";
import type { XmlElement } from "../../../src/mce/soap/parse.ts";

/** Parses by libxml2 into the same shape as ours. @returns undefined for what libxml2 refuses */
export function parseByLibxml2(text: string): XmlElement | undefined {
  try {
    const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_HUGE });
    try {
      return elementOf(document.root);
    } finally {
      document.dispose();
    }
  } catch {
    return undefined;
  }
}

/** By XPath, because the package stumbles on processing instructions when it goes from node to node. */
function elementOf(element: Libxml2Element): XmlElement {
  const children = element.find("*").flatMap((node) => (node instanceof Libxml2Element ? [elementOf(node)] : []));
  const texts = element.find("text()").map(({ content }) => content);
  return { name: element.name, children, text: texts.join("") };
}
