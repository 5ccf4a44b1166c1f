import { createServer } from "node:net";

/** Edge, sandbox, Postgres, Upstash, Redis. */
const portsOfStack = 5;

/** Returns a free port of this machine's loopback. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("Cannot find a free port on 127.0.0.1");
  return port;
}

/** Returns the first of as many free ports as a stack needs, below those that the system gives to clients. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + 10 * Math.floor(Math.random() * 1000);
    const ports = Array.from({ length: portsOfStack }, (_none, offset) => base + offset);
    if ((await Promise.all(ports.map(isPortFree))).every(Boolean)) return base;
  }
}

/** Whether a port of the loopback is free. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address === null || typeof address === "string" ? undefined : address.port));
    });
  });
}
