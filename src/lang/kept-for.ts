/** A cache in memory whose entries live for a fixed time. */
export type KeptFor<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** Drops every entry whose key begins like this. */
  forget(start: string): void;
  /** Drops what has expired; `get` does it too. */
  dropOld(): void;
};

/** How much a cache may hold; what was set first goes first. One entry alone may weigh more. */
export type Bound<T> = { max: number; weightOf(value: T): number };

/** Opens an empty cache. @param now milliseconds, of any clock */
export function keptFor<T>(ms: number, now: () => number, bound?: Bound<T>): KeptFor<T> {
  const entries = new Map<string, { value: T; expiresAt: number; weight: number }>();
  let weight = 0;

  function drop(key: string): void {
    weight -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  }

  function dropOld(): void {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now()) drop(key);
  }

  return {
    dropOld,
    get(key) {
      dropOld();
      return entries.get(key)?.value;
    },
    set(key, value) {
      drop(key);
      const added = bound?.weightOf(value) ?? 0;
      entries.set(key, { value, expiresAt: now() + ms, weight: added });
      weight += added;
      for (const old of entries.keys()) {
        if (bound === undefined || weight <= bound.max) break;
        if (old !== key) drop(old);
      }
    },
    forget(start) {
      for (const key of entries.keys()) if (key.startsWith(start)) drop(key);
    },
  };
}
