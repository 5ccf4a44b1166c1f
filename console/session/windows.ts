/** The windows of this browser that share the session's cookie. */
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("sqe.session");

/** Tells the other windows that the session is another one now: another business unit, or none. */
export function tellWindows(): void {
  channel?.postMessage("changed");
}

/**
 * Listens to the other windows: what a page shows must never be another business unit than the one that it works in. The
 * drafts are written as the page goes.
 */
export function heedWindows(isConcerned: () => boolean): void {
  channel?.addEventListener("message", () => isConcerned() && location.reload());
}
