import { connect, createServer, type AddressInfo } from "node:net";

/** How bytes of the server's answers are changed; undefined: they never come. */
type Change = (bytes: Buffer) => Buffer | undefined;

/**
 * Opens a way to a server on this machine that delays or changes what it answers.
 *
 * @returns its port, and how to close it
 */
export async function openTcpProxy(
  port: number,
  { delayMs = 0, change = (bytes) => bytes }: { delayMs?: number; change?: Change } = {},
) {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const onward = connect(port, "127.0.0.1");
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => [client, onward].forEach((one) => one.destroy()));
    }
    client.pipe(onward);
    onward.on("data", (bytes) => {
      const answer = change(bytes);
      if (answer !== undefined) setTimeout(() => client.write(answer), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // It listens on a port.
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
