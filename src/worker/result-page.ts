import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import type { RowsetPage } from "#mce/rest/rowset.ts";
import { readRowset } from "#mce/rest/rowset.ts";
import type { ResultHandle } from "#protocol/transition.ts";

/** A page, and the snapshot it came from when that is a new one. */
export type ReadPage = RowsetPage & { renewed?: { requestToken: string; tokenExpiresAt?: number } };

/** A snapshot this close to its end is not trusted with one more page. */
const tokenSlackMs = 10_000;

/**
 * Reads one page of a result. MCE guarantees no order of rows, so all pages come from one snapshot as long as it lives;
 * then from a new one, which the caller shares with the pages after it.
 *
 * @returns undefined when MCE does not know the Data Extension any more
 */
export async function readPage(
  mce: Mce,
  handle: ResultHandle,
  { page, pageSize }: { page: number; pageSize: number },
  now: number = Date.now(),
): Promise<Answer<ReadPage | undefined>> {
  const { customerKey, requestToken, tokenExpiresAt } = handle;
  if (requestToken !== undefined && (tokenExpiresAt === undefined || tokenExpiresAt - tokenSlackMs > now)) {
    const read = await readRowset(mce, { requestToken, page, pageSize });
    if (!read.ok || read.value !== undefined) return read;
  }
  const fresh = await readRowset(mce, { customerKey, page, pageSize });
  if (!fresh.ok || fresh.value?.requestToken === undefined) return fresh;
  const { requestToken: token, tokenExpiresAt: until } = fresh.value;
  return {
    ok: true,
    value: {
      ...fresh.value,
      renewed: { requestToken: token, ...(until === undefined ? {} : { tokenExpiresAt: until }) },
    },
  };
}
