import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { openWay, type Way } from "../../bench/chaos/way.ts";

/** A way to a server that answers each piece with itself. */
async function openEcho(): Promise<Way> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => socket.write(bytes));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // It listens on a port.
  const way = await openWay((server.address() as AddressInfo).port);
  onTestFinished(() => {
    way.close();
    server.close();
  });
  return way;
}

function dial({ port }: Way): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Settles when a connection is closed, also by an error, which `once` would throw. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** What comes back within a time; undefined: nothing, or the connection broke. */
async function echo(socket: Socket, text: string, withinMs: number): Promise<string | undefined> {
  const answer = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
  const broken = closing(socket).then(() => undefined);
  socket.write(text);
  return Promise.race([answer, broken, sleep(withinMs, undefined)]);
}

const soonMs = 5000;
const silenceMs = 300;

test("a way passes bytes both ways", async () => {
  const socket = dial(await openEcho());
  expect(await echo(socket, "a", soonMs)).toBe("a");
});

test("a way that is cut breaks its connections and takes none, until it is mended", async () => {
  const way = await openEcho();
  const socket = dial(way);
  await echo(socket, "a", soonMs);
  const closed = closing(socket);
  way.set({ kind: "cut" });
  await closed;
  expect(await echo(dial(way), "b", soonMs)).toBeUndefined();
  way.set({ kind: "none" });
  expect(await echo(dial(way), "c", soonMs)).toBe("c");
});

test("a slow way brings everything late, and in order", async () => {
  const way = await openEcho();
  const socket = dial(way);
  await echo(socket, "a", soonMs);
  way.set({ kind: "slow", delayMs: 200 });
  const from = performance.now();
  expect(await echo(socket, "b", soonMs)).toBe("b");
  // A timer may be early by less than a millisecond.
  expect(performance.now() - from).toBeGreaterThan(398);
});

test("a half-open way says nothing to either end, and breaks what has lost bytes when it is mended", async () => {
  const way = await openEcho();
  const [used, idle] = [dial(way), dial(way)];
  await echo(used, "a", soonMs);
  await echo(idle, "a", soonMs);
  way.set({ kind: "half-open" });
  expect(await echo(used, "b", silenceMs)).toBeUndefined();
  expect([used.destroyed, idle.destroyed]).toEqual([false, false]);
  const closed = closing(used);
  way.set({ kind: "none" });
  await closed;
  expect(await echo(idle, "c", soonMs)).toBe("c");
});
