import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { largestPage, readRowset, rowKey, type RowsetPage } from "#mce/rest/rowset.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import { inOrder, isInPlace, isNumbered } from "#sql/numbered-rows.ts";

/** A page, and its snapshot when that is a new one. */
export type ReadPage = RowsetPage & { renewed?: { requestToken: string; tokenExpiresAt?: number } };

/** A snapshot this close to its end is not used for one more page. */
const tokenSlackMs = 10_000;

type Place = { page: number; pageSize: number };

/**
 * Reads one page of a result. MCE guarantees no order of rows, so all pages come from one snapshot while it lives, then
 * from a new one in the same order, which the caller shares with later pages. Where MCE does not sort, the rows are
 * sorted here by their numbers, if one call brings all of them.
 *
 * @returns undefined when MCE no longer has the Data Extension
 */
export async function readPage(
  mce: Mce,
  handle: ResultHandle,
  place: Place,
  now: number = Date.now(),
): Promise<Answer<ReadPage | undefined>> {
  const { customerKey, orderBy, isSortedHere, target } = handle;
  // Only the numbers of a query's own ORDER BY give a row its place.
  const isNumberedByQuery = orderBy !== undefined && orderBy !== rowKey && target === undefined;
  if (!isNumberedByQuery) return readPlain(mce, handle, place, now);
  if (isSortedHere) {
    const sorted = await readSorted(mce, customerKey, orderBy, place);
    return !sorted.ok || sorted.value !== undefined ? sorted : readPlain(mce, handle, place, now);
  }
  const plain = await readPlain(mce, handle, place, now);
  if (!plain.ok || plain.value === undefined) return plain;
  const { items, count, renewed } = plain.value;
  const first = (place.page - 1) * place.pageSize + 1;
  if (!isNumbered(items, orderBy) || isInPlace(items, orderBy, first) || count > largestPage) return plain;
  const sorted = await readSorted(mce, customerKey, orderBy, place);
  if (!sorted.ok) return sorted;
  return ok(sorted.value === undefined ? plain.value : { ...sorted.value, ...(renewed && { renewed }) });
}

/** Reads a page as MCE gives it: in the order asked for, or in any order when MCE refuses that one. */
async function readPlain(
  mce: Mce,
  handle: ResultHandle,
  place: Place,
  now: number,
): Promise<Answer<ReadPage | undefined>> {
  const { orderBy, ...unordered } = handle;
  const asked = await readFrom(mce, handle, place, now);
  const isRefused = orderBy !== undefined && !asked.ok && asked.error.kind === "rejected";
  return isRefused ? readFrom(mce, unordered, place, now) : asked;
}

/**
 * Reads all rows, sorts them by their numbers and cuts out a page. It takes a snapshot of its own: whether pages of one
 * snapshot may differ in size is unproven (MCE 7.1), and numbered rows need no common one.
 *
 * @returns undefined when not all rows came, or not all with a number
 */
async function readSorted(
  mce: Mce,
  customerKey: string,
  orderBy: string,
  { page, pageSize }: Place,
): Promise<Answer<ReadPage | undefined>> {
  const all = await readRowset(mce, { customerKey, page: 1, pageSize: largestPage });
  if (!all.ok || all.value === undefined) return all;
  const { items, count } = all.value;
  if (items.length !== count || !isNumbered(items, orderBy)) return ok(undefined);
  return ok({ count, items: inOrder(items, orderBy).slice((page - 1) * pageSize, page * pageSize) });
}

async function readFrom(
  mce: Mce,
  { customerKey, requestToken, tokenExpiresAt, orderBy }: ResultHandle,
  place: Place,
  now: number,
): Promise<Answer<ReadPage | undefined>> {
  const ask = { ...place, ...given({ orderBy }) };
  if (requestToken !== undefined && (tokenExpiresAt === undefined || tokenExpiresAt - tokenSlackMs > now)) {
    const read = await readRowset(mce, { requestToken, ...ask });
    if (!read.ok || read.value !== undefined) return read;
  }
  const fresh = await readRowset(mce, { customerKey, ...ask });
  if (!fresh.ok || fresh.value?.requestToken === undefined) return fresh;
  const { requestToken: token, tokenExpiresAt: until } = fresh.value;
  const renewed = { requestToken: token, ...given({ tokenExpiresAt: until }) };
  return ok({ ...fresh.value, renewed });
}
