import { deadline } from "#async/deadline.ts";
import type { Platform } from "#async/platform.ts";
import { isOver } from "#protocol/run-status.ts";
import type { Owner } from "#protocol/tenancy.ts";
import type { RunView } from "#run/view.ts";
import { watch, type RunStub } from "./run-stub.ts";

/**
 * Waits for a version newer than `seen`, over the same hibernating socket that SSE uses.
 *
 * @returns the first newer version; `seen` itself after `waitMs`
 */
export async function waitForChange(
  platform: Pick<Platform, "sleep">,
  stub: RunStub,
  caller: Owner,
  seen: RunView,
  waitMs: number,
): Promise<RunView> {
  const { webSocket } = await watch(stub, caller, String(seen.version));
  if (!webSocket) return (await stub.view(caller)) ?? seen;
  webSocket.accept();
  const { promise, resolve } = Promise.withResolvers<RunView>();
  // The object sends only views.
  webSocket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data)) as RunView));
  webSocket.addEventListener("close", () => resolve(seen));
  const latest = await deadline(platform, promise, waitMs, () => seen);
  webSocket.close(1000);
  return latest;
}

/** Before a run is watched again. */
const cutMs = 300;

/** Waits for the end of a run. @returns its last version, or the newest one after `waitMs` */
export async function waitForEnd(
  platform: Pick<Platform, "sleep" | "monotonic">,
  stub: RunStub,
  caller: Owner,
  seen: RunView,
  waitMs: number,
): Promise<RunView> {
  const until = platform.monotonic() + waitMs;
  let latest = seen;
  for (let left = waitMs; left > 0 && !isOver(latest.status); left = until - platform.monotonic()) {
    const next = await waitForChange(platform, stub, caller, latest, left);
    // A socket that was cut brings nothing new.
    if (next.version === latest.version) await platform.sleep(cutMs);
    latest = next;
  }
  return latest;
}

/** Compares `If-None-Match` with a tag. A proxy may have made it weak. */
export function isSameTag(header: string, tag: string): boolean {
  return header.split(",").some((part) => part.trim().replace(/^W\//, "") === tag);
}
