import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/**
 * What is wrong between two parts: nothing; connections break and none can be made; bytes are late; or connections stay
 * open and nothing comes through, as behind a firewall that has forgotten them.
 */
export type Trouble = { kind: "none" } | { kind: "cut" } | { kind: "slow"; delayMs: number } | { kind: "half-open" };

/** A TCP proxy in front of one part, for one of those that use it. */
export type Way = { port: number; set(trouble: Trouble): void; close(): void };

/** Both ends of a connection; bytes of a half-open one are gone for good, so that it cannot be used again. */
type Connection = { ends: readonly [Socket, Socket]; hasLost: boolean };

/** Opens a way to a port of this machine. */
export async function openWay(port: number): Promise<Way> {
  const connections = new Set<Connection>();
  let trouble: Trouble = { kind: "none" };
  const breakUp = (connection: Connection) => {
    connections.delete(connection);
    for (const end of connection.ends) end.destroy();
  };
  const server = createServer((client) => {
    client.on("error", () => undefined);
    if (trouble.kind === "cut") return void client.resetAndDestroy();
    const onward = connect(port, "127.0.0.1");
    const connection: Connection = { ends: [client, onward], hasLost: false };
    connections.add(connection);
    pass(client, onward, connection, () => trouble);
    pass(onward, client, connection, () => trouble);
    for (const end of connection.ends) {
      end.on("error", () => undefined);
      // Of a half-open connection the other end learns nothing.
      end.on("close", () => (trouble.kind === "half-open" ? (connection.hasLost = true) : breakUp(connection)));
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // It listens on a port.
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      trouble = next;
      for (const connection of connections) if (next.kind === "cut" || connection.hasLost) breakUp(connection);
    },
    close: () => {
      server.close();
      for (const connection of connections) breakUp(connection);
    },
  };
}

/** Passes the bytes of one direction on, late ones in their order. */
function pass(from: Socket, to: Socket, connection: Connection, now: () => Trouble): void {
  let lastAt = 0;
  const later = (act: () => void) => {
    const trouble = now();
    const at = Math.max(lastAt, Date.now() + (trouble.kind === "slow" ? trouble.delayMs : 0));
    const waitMs = at - Date.now();
    lastAt = at;
    if (waitMs <= 0) act();
    else setTimeout(act, waitMs);
  };
  from.on("data", (bytes) => {
    if (now().kind === "half-open") connection.hasLost = true;
    else later(() => to.write(bytes));
  });
  from.on("end", () => {
    if (now().kind !== "half-open") later(() => to.end());
  });
}
