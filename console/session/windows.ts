/** What became of the session: it went to another business unit, or ended. */
type Change = "moved" | "ended";

/** The windows of this browser that share the session's cookie. */
const channel = openChannel();

/** A frame that may keep nothing may not have one, either. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("sqe.session");
  } catch {
    return undefined;
  }
}

/** Tells the other windows. */
export function tellWindows(change: Change): void {
  channel?.postMessage(change);
}

/** Listens to the other windows. */
export function heedWindows(listen: (change: Change) => void): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<Change>) => listen(data));
}
