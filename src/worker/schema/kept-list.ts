import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import type { Unit } from "#inspect/metadata.ts";
import { keptFor } from "#lang/kept-for.ts";
import type { Answer } from "#mce/failure.ts";

/** Lists of business units in memory. One that is being loaded is loaded once. */
export type KeptList<T> = {
  /** What is in memory. */
  peek(unit: Unit): T | undefined;
  /** What is in memory, or what `load` gives. @param isRefresh asks again in any case */
  read(unit: Unit, load: () => Promise<Answer<T>>, isRefresh?: boolean): Promise<Answer<T>>;
};

const keptMs = 5 * 60_000;
/** An isolate has 128 MB; an entry of a list takes less than 400 bytes. */
const maxEntries = 60_000;
/** A load that another request began may have ended with that request. */
const patienceMs = 10_000;

/** Opens empty memory. @param sizeOf how many entries a list has */
export function openKeptList<T>(platform: Pick<Platform, "now" | "sleep">, sizeOf: (list: T) => number): KeptList<T> {
  const kept = keptFor<T>(keptMs, () => platform.now(), { max: maxEntries, weightOf: sizeOf });
  const underWay = new Map<string, Promise<Answer<T>>>();

  async function loadOnce(place: string, load: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const begun = underWay.get(place);
    if (begun !== undefined) {
      const answer = await deadline(platform, begun, patienceMs, () => undefined);
      if (answer !== undefined) return answer;
    }
    const loading = load();
    underWay.set(place, loading);
    try {
      const answer = await loading;
      if (answer.ok) kept.set(place, answer.value);
      return answer;
    } finally {
      if (underWay.get(place) === loading) underWay.delete(place);
    }
  }

  return {
    peek: (unit) => kept.get(placeOf(unit)),
    async read(unit, load, isRefresh = false) {
      const known = isRefresh ? undefined : kept.get(placeOf(unit));
      return known === undefined ? loadOnce(placeOf(unit), load) : { ok: true, value: known };
    },
  };
}

function placeOf({ tenantId, mid }: Unit): string {
  return `${tenantId}/${mid}`;
}
