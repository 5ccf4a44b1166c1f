import { useSyncExternalStore } from "react";

/** A value that a page shows, with everybody who wants to know when it changes. */
export type Store<T> = {
  get(): T;
  set(next: (now: T) => T): void;
  subscribe: (listener: () => void) => () => void;
};

/** Opens a store. */
export function openStore<T>(initial: T): Store<T> {
  let now = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => now,
    set(next) {
      const before = now;
      now = next(before);
      if (now !== before) for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Reads a part of a store and renders again when that changes. `select` returns what the store holds, and makes nothing new. */
export function useStore<T, Part>(store: Store<T>, select: (now: T) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
