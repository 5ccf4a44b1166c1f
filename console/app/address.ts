import { openRun } from "../run/start.ts";
import { home } from "../state/place.ts";
import { change, store } from "../state/state.ts";
import { openTab } from "../state/tabs.ts";

/** Opens what the page's address names: a run, the settings, or a query in the part behind `#`, which no server sees. */
export function openAddress(): void {
  const { pathname, hash } = location;
  const runId = /^\/runs\/([\w-]+)$/.exec(pathname)?.[1];
  if (runId !== undefined) {
    const known = store.get().tabs.find(({ job }) => job?.run?.id === runId);
    if (known === undefined) void openRun(openTab({ name: "Run" }), runId);
    else change({ activeId: known.id });
    change({ pane: "result" });
  }
  if (pathname === "/settings") change({ sheet: { kind: "settings" } });
  const sql = new URLSearchParams(hash.slice(1)).get("sql");
  if (sql !== null) void readLink(sql);
  // From here on the page's state is its own.
  history.replaceState(null, "", home);
}

async function readLink(packed: string): Promise<void> {
  const text = await unpack(packed).catch(() => undefined);
  if (text !== undefined) openTab({ sql: text });
}

/** The address that opens a query: its text is deflated, in the part that browsers keep to themselves. */
export async function linkTo(sql: string): Promise<string> {
  const stream = new Blob([sql]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const packed = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return `${location.origin}/#sql=${packed}`;
}

async function unpack(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}
