import { given } from "#lang/given.ts";
import type { Mce } from "../client.ts";
import { answered, unavailable, type Answer } from "../failure.ts";
import { element } from "./envelope.ts";
import { childrenOf } from "./parse.ts";
import { pairsOf, readPairs } from "./raw-results.ts";
import { retrieveBatch } from "./retrieve.ts";

/** The rows of a Data Extension as far as one answer brings them. */
export type FirstRows = {
  /** As a rowset's: lower-cased names, values as MCE sent them, NULL as "". */
  items: Record<string, string>[];
  /** MCE has more than these. */
  hasMore: boolean;
};

/** As a rowset of as many rows. */
const maxBytes = 32 * 1024 * 1024;

/**
 * Reads rows of a Data Extension by SOAP: the first batch, at most 2,500 (MCE 2.3, 4.5).
 *
 * An answer without rows proves nothing: it is also what MCE says to whoever may not read (MCE 2.3).
 *
 * @param ask `columns` are written out, because `*` brings no rows
 * @returns rows in no order; `rejected` for an unknown key, and for a column MCE does not know
 */
export async function readFirstRows(
  mce: Mce,
  ask: { customerKey: string; columns: readonly string[]; signal?: AbortSignal },
): Promise<Answer<FirstRows>> {
  const name = "SOAP Retrieve DataExtensionObject";
  const { customerKey, columns, signal } = ask;
  const batch = await retrieveBatch(mce, {
    name,
    inner: [
      element("ObjectType", `DataExtensionObject[${customerKey}]`),
      ...columns.map((column) => element("Properties", column)),
    ],
    maxBytes,
    hasRawResults: true,
    ...given({ signal }),
  });
  if (!batch.ok) return batch;
  const items: Record<string, string>[] = [];
  const { response, requestId } = batch.value;
  const rows = [
    ...childrenOf(response, "RawResults").map(({ text }) => readPairs(text)),
    ...childrenOf(response, "Results").map(pairsOf),
  ];
  for (const pairs of rows) {
    if (pairs === undefined) return unavailable("none", `Cannot read ${name}: a row is not whole`);
    items.push(Object.fromEntries(pairs.map(([column, value]) => [column.toLowerCase(), value])));
  }
  return answered({ items, hasMore: requestId !== undefined });
}
