import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import type { Answer } from "../failure.ts";
import type { Filter } from "./filter.ts";
import type { XmlElement } from "./parse.ts";
import { retrieve, type RetrieveOptions } from "./retrieve.ts";

/** The most values of one IN. MCE refuses long lists without a documented limit (MCE 4.5). */
const maxValues = 50;

/**
 * Retrieves the objects whose `property` is one of `values`. A list MCE finds too long ("String or binary data would
 * be truncated", MCE 4.5) is halved until it fits.
 */
export async function retrieveIn(
  mce: Mce,
  ask: {
    objectType: string;
    properties: readonly string[];
    by: { property: string; values: readonly string[] };
  },
  options: RetrieveOptions,
): Promise<Answer<XmlElement[]>> {
  const { property, values } = ask.by;
  if (values.length === 0) return ok([]);
  if (values.length > maxValues) return await inHalves(mce, ask, options);
  const [only] = values;
  const filter: Filter =
    values.length === 1 && only !== undefined ? { property, equals: only } : { property, in: values };
  const found = await retrieve(mce, { objectType: ask.objectType, properties: ask.properties, filter }, options);
  return isTooLong(found) && values.length > 1 ? await inHalves(mce, ask, options) : found;
}

async function inHalves(...[mce, ask, options]: Parameters<typeof retrieveIn>): Promise<Answer<XmlElement[]>> {
  const { property, values } = ask.by;
  const middle = Math.ceil(values.length / 2);
  const results: XmlElement[] = [];
  for (const half of [values.slice(0, middle), values.slice(middle)]) {
    const found = await retrieveIn(mce, { ...ask, by: { property, values: half } }, options);
    if (!found.ok) return found;
    results.push(...found.value);
  }
  return ok(results);
}

function isTooLong(found: Answer<unknown>): boolean {
  return !found.ok && found.error.kind === "rejected" && /data would be truncated/i.test(found.error.message);
}
