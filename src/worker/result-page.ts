import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { largestPage, readRowset } from "#mce/rest/rowset.ts";
import type { ResultHandle } from "#protocol/transition.ts";
import { inOrder, isInPlace, isNumbered } from "#sql/numbered-rows.ts";

/** A page, and the snapshot it came from when that is a new one. */
export type ReadPage = RowsetPage & { renewed?: { requestToken: string; tokenExpiresAt?: number } };

/** A snapshot this close to its end is not trusted with one more page. */
const tokenSlackMs = 10_000;

type Place = { page: number; pageSize: number };

/** MCE's own number of a row: it promises an order that stays, and says nothing of the query's. */
const rowKey = "_customobjectkey";

/**
 * Reads one page of a result. MCE guarantees no order of rows, so all pages come from one snapshot as long as it lives;
 * then from a new one in the same order, which the caller shares with the pages after it. Where MCE does not sort, the
 * rows' own numbers do, as long as one call brings all of them.
 *
 * @returns undefined when MCE does not know the Data Extension any more
 */
export async function readPage(
  mce: Mce,
  handle: ResultHandle,
  place: Place,
  now: number = Date.now(),
): Promise<Answer<ReadPage | undefined>> {
  const { orderBy, ...unordered } = handle;
  const asked = await readFrom(mce, handle, place, now);
  if (orderBy === undefined) return asked;
  const isRefused = !asked.ok && asked.failure.kind === "rejected";
  const read = isRefused ? await readFrom(mce, unordered, place, now) : asked;
  if (!read.ok || read.value === undefined || orderBy === rowKey) return read;
  const { items, count, renewed } = read.value;
  const first = (place.page - 1) * place.pageSize;
  if (!isNumbered(items, orderBy) || isInPlace(items, orderBy, first + 1) || count > largestPage) return read;
  const all = await readFrom(mce, { ...unordered, ...renewed }, { page: 1, pageSize: largestPage }, now);
  if (!all.ok || all.value === undefined) return all;
  const picked = inOrder(all.value.items, orderBy).slice(first, first + place.pageSize);
  return { ok: true, value: { ...read.value, ...all.value, items: picked } };
}

async function readFrom(
  mce: Mce,
  { customerKey, requestToken, tokenExpiresAt, orderBy }: ResultHandle,
  place: Place,
  now: number,
): Promise<Answer<ReadPage | undefined>> {
  const ask = { ...place, ...(orderBy === undefined ? {} : { orderBy }) };
  if (requestToken !== undefined && (tokenExpiresAt === undefined || tokenExpiresAt - tokenSlackMs > now)) {
    const read = await readRowset(mce, { requestToken, ...ask });
    if (!read.ok || read.value !== undefined) return read;
  }
  const fresh = await readRowset(mce, { customerKey, ...ask });
  if (!fresh.ok || fresh.value?.requestToken === undefined) return fresh;
  const { requestToken: token, tokenExpiresAt: until } = fresh.value;
  const renewed = { requestToken: token, ...(until === undefined ? {} : { tokenExpiresAt: until }) };
  return { ok: true, value: { ...fresh.value, renewed } };
}
