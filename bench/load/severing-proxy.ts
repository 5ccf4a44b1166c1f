import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What stands between clients and the edge, and can cut all connections at once. */
export type SeveringProxy = { url: string; cutAll(): number; close(): Promise<void> };

/** Opens a proxy in front of an edge that passes bytes. */
export async function openSeveringProxy(edge: string): Promise<SeveringProxy> {
  const { hostname, port } = new URL(edge);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    const hangUp = () => {
      client.destroy();
      behind.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, behind]) socket.once("close", hangUp).once("error", hangUp);
    client.pipe(behind).pipe(client);
  });
  // The usual queue of 511 would refuse some of two thousand that come back at once.
  await once(server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }), "listening");
  const cutAll = () => {
    const { size } = open;
    for (const client of open) client.destroy();
    return size;
  };
  return {
    // A TCP server has an address.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAll,
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
