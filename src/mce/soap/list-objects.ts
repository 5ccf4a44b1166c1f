import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { element, type Xml } from "./envelope.ts";
import { filterElement, type Filter } from "./filter.ts";
import { childrenOf, decodeXml, type XmlElement } from "./parse.ts";
import { retrieveBatch, type RetrieveOptions } from "./retrieve.ts";

/** The values of one object by the names of their elements: those without children, the first of each name. */
export type Leaves = ReadonlyMap<string, string>;

/** 40 batches are 100,000 objects; a list of more is of no use to anybody. */
const usualMaxBatches = 40;
/** 2,500 objects with long descriptions. */
const maxBytes = 32 * 1024 * 1024;

/**
 * Retrieves objects that may be thousands, without a tree of each answer: that would take seconds and more memory than a
 * Worker has.
 *
 * @param ask its properties lie in the object itself, not in objects inside it
 */
export async function listObjects(
  mce: Mce,
  ask: { objectType: string; properties: readonly string[]; filter?: Filter },
  { clientId, signal, maxBatches = usualMaxBatches }: RetrieveOptions = {},
): Promise<Answer<Leaves[]>> {
  const name = `SOAP Retrieve ${ask.objectType}`;
  const client = clientId === undefined ? [] : [element("ClientIDs", element("ID", clientId))];
  const head = [...client, element("ObjectType", ask.objectType)];
  const first = [...head, ...ask.properties.map((property) => element("Properties", property))];
  let inner: Xml[] = ask.filter === undefined ? first : [...first, filterElement(ask.filter)];
  const objects: Leaves[] = [];
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const answer = await retrieveBatch(mce, { name, inner, maxBytes, hasRawResults: true, ...given({ signal }) });
    if (!answer.ok) return answer;
    const { response, requestId } = answer.value;
    try {
      for (const { text } of childrenOf(response, "RawResults")) objects.push(leavesOf(text));
    } catch {
      // An unknown entity: unreadable, as the parser finds it.
      return unavailable("none", `Cannot read ${name}: an object is not whole`);
    }
    for (const result of childrenOf(response, "Results")) objects.push(leavesOfTree(result));
    if (requestId === undefined) return ok(objects);
    inner = [...head, element("ContinueRequest", requestId)];
  }
  return unavailable("none", `Cannot read ${name}: MCE offers more than ${maxBatches} batches`);
}

/** An element that holds text alone. */
const leaf = /<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<]*)<\//g;

/** Reads the leaves of an object's XML. @throws for an unknown entity */
function leavesOf(xml: string): Leaves {
  const leaves = new Map<string, string>();
  for (const [, name = "", text = ""] of xml.matchAll(leaf)) if (!leaves.has(name)) leaves.set(name, decodeXml(text));
  return leaves;
}

function leavesOfTree(result: XmlElement): Leaves {
  const leaves = new Map<string, string>();
  const walk = ({ children }: XmlElement): void => {
    for (const one of children) {
      if (one.children.length > 0) walk(one);
      else if (!leaves.has(one.name)) leaves.set(one.name, one.text);
    }
  };
  walk(result);
  return leaves;
}
