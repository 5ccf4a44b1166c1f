import { createServer } from "node:net";

/** Edge, sandbox, Postgres, Upstash, Redis. */
const portsOfStack = 5;

/** Returns a port of this machine's loopback nobody listens on right now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("Cannot find a free port on 127.0.0.1");
  return port;
}

/** Returns a port from which on as many as a stack needs are free; below those the system gives to clients. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + 10 * Math.floor(Math.random() * 1000);
    const ports = Array.from({ length: portsOfStack }, (_none, offset) => base + offset);
    if ((await Promise.all(ports.map(isPortFree))).every(Boolean)) return base;
  }
}

/** Tells whether nobody listens on a port of the loopback. */
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
