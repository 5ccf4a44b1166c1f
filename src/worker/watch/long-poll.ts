import type { Owner } from "#protocol/tenancy.ts";
import type { RunView } from "#run/view.ts";
import { watch, type RunStub } from "./run-stub.ts";

/**
 * Waits until a run is newer than `seen`, over the same hibernating socket that SSE uses.
 *
 * @returns the first newer version; `seen` itself when nothing changed in time
 */
export async function waitForChange(stub: RunStub, caller: Owner, seen: RunView, waitMs: number): Promise<RunView> {
  const { webSocket } = await watch(stub, caller, String(seen.version));
  if (!webSocket) return (await stub.view(caller)) ?? seen;
  webSocket.accept();
  const { promise, resolve } = Promise.withResolvers<RunView>();
  const timer = setTimeout(() => resolve(seen), waitMs);
  // The object sends views and nothing else.
  webSocket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data)) as RunView));
  webSocket.addEventListener("close", () => resolve(seen));
  const latest = await promise;
  clearTimeout(timer);
  webSocket.close(1000);
  return latest;
}

/** Compares `If-None-Match` with a tag; a proxy may have made it weak. */
export function isSameTag(header: string, tag: string): boolean {
  return header.split(",").some((part) => part.trim().replace(/^W\//, "") === tag);
}
