import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "../client.ts";
import { unavailable, type Answer } from "../failure.ts";
import { element } from "./envelope.ts";
import { childrenOf } from "./parse.ts";
import { pairsOf, readPairs } from "./raw-results.ts";
import { retrieveBatch } from "./retrieve.ts";

/** The rows of a Data Extension that fit into one answer. */
export type FirstRows = {
  /** As in a rowset: names in lower case, values as MCE sent them, NULL as "". */
  items: Record<string, string>[];
  /** MCE has more rows than these. */
  hasMore: boolean;
};

/** The same as for a rowset of as many rows. */
const maxBytes = 32 * 1024 * 1024;

/**
 * Reads rows of a Data Extension by SOAP: the first batch, at most 2,500 (MCE 2.3, 4.5).
 *
 * An answer without rows proves nothing: MCE also gives it when the connection may not read (MCE 2.3).
 *
 * @param ask `columns` has all names, because `*` gives no rows
 * @returns rows in no order; `rejected` for an unknown key or column
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
  return ok({ items, hasMore: requestId !== undefined });
}
