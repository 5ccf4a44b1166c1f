import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { z } from "zod";
import type { Mce } from "../client.ts";
import { rejected, unavailable, type Answer } from "../failure.ts";

/** One page of a snapshot of a Data Extension's rows. */
export type RowsetPage = {
  /** Rows of the whole snapshot, not of the page. */
  count: number;
  /** Names the snapshot, for the next pages. */
  requestToken?: string;
  /** Epoch milliseconds. */
  tokenExpiresAt?: number;
  /** Keys and values of each row in one record: names in lower case, values as MCE sent them, NULL as "". */
  items: Record<string, string>[];
};

/** `orderBy`: the field to sort by, ascending. */
type Ask = { page: number; pageSize: number; orderBy?: string; signal?: AbortSignal };

/** The most rows that MCE gives at once (MCE 7.1). */
export const largestPage = 2500;

/** MCE's own number of a row in a Data Extension without a primary key. Its order means nothing but never changes. */
export const rowKey = "_customobjectkey";

/** 2500 rows of 4000 characters are 10 MB. */
const maxBytes = 32 * 1024 * 1024;

/** In all captures every value is a string. Another scalar is read as its text, so that the page is not lost. */
const Cell = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? "" : String(value)));
const Cells = z.record(z.string(), Cell).nullish();

const Rowset = z.object({
  count: z.int().nonnegative(),
  requestToken: z.string().min(1).nullish(),
  tokenExpireDateUtc: z.string().nullish(),
  items: z.array(z.object({ keys: Cells, values: Cells })).nullish(),
});

/**
 * Reads one page of rows. MCE guarantees no order: only pages of one snapshot (`requestToken`) fit together.
 *
 * @param ask `page` is 1-based, `pageSize` at most `largestPage`
 * @returns undefined when MCE does not know the key or the token, or not yet (HTTP 404 or 400); `rejected` also for an
 *   order that it does not accept
 */
export async function readRowset(
  mce: Mce,
  ask: ({ customerKey: string } & Ask) | ({ requestToken: string } & Ask),
): Promise<Answer<RowsetPage | undefined>> {
  const name = "REST rowset";
  const [kind, id] =
    "customerKey" in ask ? (["key", ask.customerKey] as const) : (["token", ask.requestToken] as const);
  // No URL can have them as a segment: they go up, also as %2E.
  if (id === "." || id === "..") return ok(undefined);
  const of = `${kind}/${encodeURIComponent(id)}`;
  const answer = await mce.rest({
    method: "GET",
    name,
    path: `/data/v1/customobjectdata/${of}/rowset?$page=${ask.page}&$pageSize=${ask.pageSize}${orderOf(ask)}`,
    maxBytes,
    ...given({ signal: ask.signal }),
  });
  if (!answer.ok) return answer;
  if (answer.value.kind === "refused") {
    const { status, code, message } = answer.value;
    const isOrder = ask.orderBy !== undefined && status === 400 && !unknownPlace.test(message);
    return !isOrder && (status === 404 || status === 400) ? ok(undefined) : rejected(code, message);
  }
  const body = Rowset.safeParse(answer.value.json);
  if (!body.success) return unavailable("none", `Cannot read ${name}: the answer is not a page of rows`);
  const { count, requestToken, tokenExpireDateUtc, items } = body.data;
  return ok({
    count,
    ...given({ requestToken: requestToken ?? undefined, tokenExpiresAt: expiryOf(tokenExpireDateUtc ?? "") }),
    // An empty Data Extension has no `items` at all (MCE 7.1).
    items: (items ?? []).map(({ keys, values }) => ({ ...keys, ...values })),
  });
}

/** MCE's words for an unknown key or token (MCE 7.1). Any other 400 may be because of the order. */
const unknownPlace = /cannot be retrieved for key|token/i;

function orderOf({ orderBy }: Ask): string {
  return orderBy === undefined ? "" : `&$orderBy=${encodeURIComponent(`${orderBy} asc`)}`;
}

/** Reads MCE's time, which is UTC without a Z. */
function expiryOf(text: string): number | undefined {
  const at = Date.parse(/Z$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}
