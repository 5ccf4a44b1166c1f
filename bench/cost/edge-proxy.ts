import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that passed; `ms` until the end of its answer. */
export type Passed = { method: string; path: string; ms: number };

/** A way to the edge that notes what passes; streams pass as they come. */
export type EdgeProxy = { url: string; passed(): readonly Passed[]; close(): void };

/** Opens a proxy before the edge. */
export async function openEdgeProxy(edge: string): Promise<EdgeProxy> {
  const { hostname, port } = new URL(edge);
  const passed: Passed[] = [];
  const server = createServer((question, answer) => {
    const { method = "GET", url: path = "/", headers } = question;
    const from = performance.now();
    answer.once("close", () => passed.push({ method, path, ms: performance.now() - from }));
    const onward = send({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.once("error", () => answer.destroy());
    answer.once("close", () => onward.destroy());
    question.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port.
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    passed: () => passed,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
