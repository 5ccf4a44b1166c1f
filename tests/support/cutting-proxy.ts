import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** What stands between a client and the edge. */
export type CuttingProxy = {
  url: string;
  /** How many streams have been cut. */
  cuts(): number;
  close(): Promise<void>;
};

/** Where a stream is cut: after that many bytes, and after that many milliseconds at the latest. */
export type Cut = { bytes: number; ms: number };

/**
 * Opens a proxy in front of an edge that cuts its streams, and passes everything else.
 *
 * @param cut says for each stream, counted from 1, where it is cut; `"refuse"` answers HTML instead, as a portal does
 */
export async function openCuttingProxy(
  edge: string,
  cut: (nth: number) => Cut | "refuse" | undefined,
): Promise<CuttingProxy> {
  let streams = 0;
  let cuts = 0;
  const server = createServer((incoming, answer) => {
    const isStream = incoming.url?.includes("/events") ?? false;
    const how = isStream ? cut((streams += 1)) : undefined;
    if (how === "refuse") return void answer.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
    const { hostname, port } = new URL(edge);
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      if (how === undefined) from.pipe(answer);
      else passUntil(from, answer, how, () => (cuts += 1));
    });
    outgoing.on("error", () => answer.destroy());
    answer.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
    return undefined;
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    // A TCP server has an address.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passUntil(from: IncomingMessage, to: ServerResponse, { bytes, ms }: Cut, onCut: () => void): void {
  let left = bytes;
  const hangUp = () => {
    if (to.destroyed || to.writableEnded) return;
    onCut();
    // What is written goes out before the connection breaks.
    setImmediate(() => to.destroy());
  };
  const timer = setTimeout(hangUp, ms);
  to.on("close", () => clearTimeout(timer));
  from.on("data", (part: Buffer) => {
    to.write(part.subarray(0, left));
    left -= part.length;
    if (left <= 0) hangUp();
  });
  from.on("end", () => to.end());
}
