import type * as reading from "./reader.ts";
import { loadPart } from "../state/load-part.ts";
import { store } from "../state/state.ts";

/** Everything that the reader offers. */
export type Reader = typeof reading;

let loaded: Reader | undefined;
const waiting = new Set<() => void>();

/** The reader, once it is loaded. */
export function reader(): Reader | undefined {
  return loaded;
}

/** Says when the reader is there. */
export function onReader(listener: () => void): void {
  if (loaded === undefined) waiting.add(listener);
  else listener();
}

let isStarted = false;

/** Loads the reader when the browser has time: it is not needed for the first key. */
export function startReader(): void {
  if (isStarted) return;
  isStarted = true;
  const load = () => void loadReader();
  // Safari has no requestIdleCallback.
  if (typeof requestIdleCallback === "function") requestIdleCallback(load, { timeout: 500 });
  else setTimeout(load, 50);
}

async function loadReader(): Promise<void> {
  loaded = await loadPart(() => import("./reader.ts"));
  performance.mark("sqe-reader-ready");
  for (const listener of waiting) listener();
  waiting.clear();
  // Every component that shows something of it renders again.
  store.set((state) => ({ ...state }));
}
