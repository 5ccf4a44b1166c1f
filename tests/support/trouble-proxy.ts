import { openLoopbackServer, type Server } from "../../dev/stand-ins/loopback-server.ts";

/** Where a test orders trouble: `POST {text}` makes requests fail, `PUT {text}` holds them back, `DELETE {text}` ends both. */
const troublePath = "/test/trouble";

/**
 * Opens a proxy in front of a stand-in. A request that contains an ordered text is answered 503 and never
 * arrives, as when the part is down, or waits; all others pass, so that test files side by side do not disturb each other.
 */
export async function openTroubleProxy(target: string): Promise<Server> {
  const { origin } = new URL(target);
  const failing = new Set<string>();
  const held = new Map<string, PromiseWithResolvers<void>>();
  return openLoopbackServer(0, async ({ method, url, headers, body }) => {
    if (url.pathname === troublePath) {
      if (method === "POST") failing.add(body);
      if (method === "PUT") held.set(body, Promise.withResolvers());
      if (method === "DELETE") {
        failing.delete(body);
        held.get(body)?.resolve();
        held.delete(body);
      }
      return { status: 200, body: {} };
    }
    for (const [text, release] of held) if (body.includes(text)) await release.promise;
    if ([...failing].some((text) => body.includes(text))) return { status: 503, body: { error: "down for a test" } };
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
