import { openLoopbackServer } from "../../dev/loopback-server.ts";
import type { Server } from "../../dev/loopback-server.ts";

/** Where a test says which requests are to fail: `POST {text}` adds a trouble, `DELETE {text}` ends it. */
const troublePath = "/test/trouble";

/**
 * Opens a proxy in front of a stand-in. A request that holds a text somebody has named is answered 503 and never
 * arrives, as when the part is down; all others pass, so test files that run side by side do not disturb each other.
 */
export async function openTroubleProxy(target: string): Promise<Server> {
  const { origin } = new URL(target);
  const troubles = new Set<string>();
  return openLoopbackServer(0, async ({ method, url, headers, body }) => {
    if (url.pathname === troublePath) {
      if (method === "DELETE") troubles.delete(body);
      else troubles.add(body);
      return { status: 200, body: {} };
    }
    if ([...troubles].some((text) => body.includes(text))) return { status: 503, body: { error: "down for a test" } };
    const { host: _host, connection: _connection, "content-length": _length, ...rest } = headers;
    const sent = method === "GET" ? {} : { body };
    const passed = { method, headers: plain(rest), ...sent };
    const answer = await fetch(`${origin}${url.pathname}${url.search}`, passed);
    return { status: answer.status, body: await answer.json() };
  });
}

function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
