import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { element, retrieveRequest, type Xml } from "./envelope.ts";
import type { SoapRequest } from "./exchange.ts";
import { filterElement, type Filter } from "./filter.ts";
import { childrenOf, textAt, type XmlElement } from "./parse.ts";
import { refusalOf, refused } from "./refusal.ts";

/**
 * Options of a look-up: another business unit that the token may see (the EID for shared objects), a signal to stop, and
 * the most batches of 2,500 to read.
 */
export type RetrieveOptions = { clientId?: number; signal?: AbortSignal; maxBatches?: number };

/** 100 batches of 2,500 objects (MCE 2.3) are more than any account has. */
const usualMaxBatches = 100;

/**
 * Retrieves all objects of a type, batch after batch.
 *
 * @returns the `Results` elements; a refusal (`refusal.ts`) when OverallStatus begins with Error
 */
export async function retrieve(
  mce: Mce,
  ask: { objectType: string; properties: readonly string[]; filter?: Filter },
  { clientId, signal, maxBatches = usualMaxBatches }: RetrieveOptions = {},
): Promise<Answer<XmlElement[]>> {
  const name = `SOAP Retrieve ${ask.objectType}`;
  const client = clientId === undefined ? [] : [element("ClientIDs", element("ID", clientId))];
  const head = [...client, element("ObjectType", ask.objectType)];
  const first = [...head, ...ask.properties.map((property) => element("Properties", property))];
  let inner: Xml[] = ask.filter === undefined ? first : [...first, filterElement(ask.filter)];
  const results: XmlElement[] = [];
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const answer = await retrieveBatch(mce, { name, inner, ...given({ signal }) });
    if (!answer.ok) return answer;
    const { response, requestId } = answer.value;
    results.push(...childrenOf(response, "Results"));
    if (requestId === undefined) return ok(results);
    inner = [...head, element("ContinueRequest", requestId)];
  }
  return unavailable("none", `Cannot read ${name}: MCE offers more than ${maxBatches} batches`);
}

/** One batch of a Retrieve. With a `requestId` there are more, and it asks for the next one. */
export type Batch = { response: XmlElement; requestId?: string };

/**
 * Sends one Retrieve.
 *
 * @param request `inner` is the content of `RetrieveRequest`
 * @returns a refusal (`refusal.ts`) when OverallStatus begins with Error
 */
export async function retrieveBatch(
  mce: Mce,
  request: { inner: readonly Xml[] } & Omit<SoapRequest, "action" | "body">,
): Promise<Answer<Batch>> {
  const { inner, name, ...rest } = request;
  const answer = await mce.soap({ action: "Retrieve", name, body: retrieveRequest(inner), ...rest });
  if (!answer.ok) return answer;
  const overall = textAt(answer.value, "OverallStatus")?.trim() ?? "";
  if (/^error/i.test(overall)) return refused(name, { code: "Error", text: overall.replace(/^error:?\s*/i, "") });
  if (overall === "OK") return ok({ response: answer.value });
  const requestId = textAt(answer.value, "RequestID");
  if (overall !== "MoreDataAvailable" || requestId === undefined)
    return (
      refusalOf(name, { text: overall }) ?? unavailable("none", `Cannot read ${name}: the answer has no status we know`)
    );
  return ok({ response: answer.value, requestId });
}

/**
 * Reads every result with `read`. An incomplete one makes the whole answer unreadable, because a missing object could be
 * mistaken for a deleted one.
 */
export function readAll<T>(
  name: string,
  results: readonly XmlElement[],
  read: (result: XmlElement) => T | undefined,
): Answer<T[]> {
  const values: T[] = [];
  for (const result of results) {
    const value = read(result);
    if (value === undefined) return unavailable("none", `Cannot read ${name}: an object lacks what identifies it`);
    values.push(value);
  }
  return ok(values);
}
