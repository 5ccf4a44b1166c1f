/** A cache in memory whose entries live for a fixed time. */
export type KeptFor<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  /** Drops every entry whose key begins like this. */
  forget(start: string): void;
  /** Drops what has expired; `get` does it too. */
  dropOld(): void;
};

/** Opens an empty cache. @param now milliseconds, of any clock */
export function keptFor<T>(ms: number, now: () => number): KeptFor<T> {
  const entries = new Map<string, { value: T; expiresAt: number }>();

  function dropOld(): void {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now()) entries.delete(key);
  }

  return {
    dropOld,
    get(key) {
      dropOld();
      return entries.get(key)?.value;
    },
    set: (key, value) => void entries.set(key, { value, expiresAt: now() + ms }),
    forget(start) {
      for (const key of entries.keys()) if (key.startsWith(start)) entries.delete(key);
    },
  };
}
