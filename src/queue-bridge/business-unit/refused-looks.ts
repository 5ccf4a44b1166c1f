import { keptFor } from "#lang/kept-for.ts";
import type { Tenancy } from "#protocol/tenancy.ts";

type Unit = Pick<Tenancy, "tenantId" | "mid">;

/** The business units where MCE refused a look at a query and took the query itself. In memory only: losing it costs a call. */
export type RefusedLooks = { has(unit: Unit): boolean; remember(unit: Unit): void };

const keptMs = 60 * 60 * 1000;
/** More than one bridge serves in an hour; a forgotten one costs a refused call. */
const unitsMax = 10_000;

/** Opens an empty memory. @param now milliseconds of a monotonic clock */
export function openRefusedLooks(now: () => number): RefusedLooks {
  const kept = keptFor<true>(keptMs, now, { max: unitsMax, weightOf: () => 1 });
  const keyOf = ({ tenantId, mid }: Unit): string => `${tenantId}/${mid}`;
  return {
    has: (unit) => kept.get(keyOf(unit)) === true,
    remember: (unit) => kept.set(keyOf(unit), true),
  };
}
