import { z } from "zod";
import type { Probing } from "./probing.ts";

/** One row as a rowset shows it; `keys` is absent where the answer has none. */
export type Item = {
  keys?: Readonly<Record<string, unknown>> | undefined;
  values?: Readonly<Record<string, unknown>> | undefined;
};

/** What a rowset answered; `refused` with the HTTP status; `none` without any answer. */
export type RowsetSight =
  | { kind: "rows"; count: number; items: readonly Item[]; token?: string; expiresAt?: number }
  | { kind: "refused"; status: number; text: string }
  | { kind: "none" };

const Cells = z.record(z.string(), z.unknown()).optional();
const Answered = z.object({
  count: z.int().nonnegative(),
  requestToken: z.string().optional(),
  tokenExpireDateUtc: z.string().optional(),
  items: z.array(z.object({ keys: Cells, values: Cells })).default([]),
});

/** Asks for rows as they come, refusals and all. @param parameters already encoded, such as `$orderBy=N%20asc` */
export async function seeRowset(
  { mce, allowance }: Pick<Probing, "mce" | "allowance">,
  of: { customerKey: string } | { token: string },
  parameters: readonly string[] = [],
): Promise<RowsetSight> {
  const name = "REST rowset";
  const place = "token" in of ? `token/${encodeURIComponent(of.token)}` : `key/${encodeURIComponent(of.customerKey)}`;
  const query = ["$page=1", "$pageSize=50", ...parameters].join("&");
  const path = `/data/v1/customobjectdata/${place}/rowset?${query}`;
  const answer = await mce.rest({ method: "GET", name, path, maxBytes: 1024 * 1024 });
  if (!answer.ok) {
    // The client's failure has no status; the call's has.
    const status = answer.error.kind === "aborted" ? undefined : allowance.lastStatus(name);
    return status === undefined ? { kind: "none" } : { kind: "refused", status, text: answer.error.message };
  }
  if (answer.value.kind === "refused")
    return { kind: "refused", status: answer.value.status, text: answer.value.message };
  const read = Answered.safeParse(answer.value.json);
  if (!read.success) return { kind: "none" };
  const { count, items, requestToken: token, tokenExpireDateUtc: said } = read.data;
  const expiresAt = said === undefined ? Number.NaN : Date.parse(/Z$/i.test(said) ? said : `${said}Z`);
  return {
    kind: "rows",
    count,
    items,
    ...(token !== undefined && { token }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
}

/** The numbers of the probe's own rows in the order they came in. */
export function numbersOf(items: readonly Item[]): number[] {
  return items.map(({ keys, values }) => Number({ ...keys, ...values }["n"] ?? Number.NaN));
}
