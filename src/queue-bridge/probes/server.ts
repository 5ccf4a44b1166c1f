import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { urlOf, type HttpAddress } from "../http-address.ts";

/** What the bridge says about itself. */
export type Said = { status: number; type: string; body: string };

/** The pages by their path. */
export type Pages = Readonly<Record<`/${string}`, () => Promise<Said>>>;

export type ProbeServer = { url: string; close(): Promise<void> };

/**
 * Serves what operators ask a bridge, without authentication: nothing in it is about a tenant.
 *
 * @throws when the address cannot be listened on
 */
export async function openProbeServer(address: HttpAddress, pages: Pages): Promise<ProbeServer> {
  const server = createServer((request, response) => void answer(pages, request, response));
  const port = await listen(server, address);
  return {
    url: urlOf({ ...address, port }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pages: Pages, { method = "", url = "/" }: IncomingMessage, to: ServerResponse): Promise<void> {
  const path = url.replace(/\?.*$/, "");
  const page = Object.entries(pages).find(([known]) => known === path)?.[1];
  const isRead = method === "GET" || method === "HEAD";
  const said = page === undefined ? notFound : !isRead ? notAllowed : await page().catch(() => failed);
  to.writeHead(said.status, { "content-type": said.type, "cache-control": "no-store" });
  to.end(method === "HEAD" ? undefined : said.body);
}

const plain = "text/plain; charset=utf-8";
const notFound: Said = { status: 404, type: plain, body: "Ask for /metrics, /livez or /readyz\n" };
const notAllowed: Said = { status: 405, type: plain, body: "Only GET and HEAD\n" };
const failed: Said = { status: 500, type: plain, body: "Cannot answer this now\n" };

function listen(server: Server, { host, port }: HttpAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const place = `${host}:${port}`;
      reject(new Error(`Cannot listen on ${place} (${error.code}): set BRIDGE_HTTP_HOST and BRIDGE_HTTP_PORT`));
    });
    server.listen(port, host, () => {
      const own = server.address();
      resolve(typeof own === "object" && own !== null ? own.port : port);
    });
  });
}
