import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import type { Bridge } from "../../src/queue-bridge/bridge.ts";
import { openMetrics } from "../../src/queue-bridge/metrics/metrics.ts";
import { openLiveness } from "../../src/queue-bridge/probes/liveness.ts";
import { openProbes } from "../../src/queue-bridge/probes/probes.ts";
import { scrape, sumOf } from "./support/scrape.ts";
import { soon } from "./support/soon.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ behaviours: { durationMs: 300 } });

async function ask({ url }: Pick<Bridge, "url">, path: string, init: RequestInit = {}) {
  const answer = await fetch(url + path, init);
  return { status: answer.status, body: await answer.text() };
}
const ready = { status: 200, body: `{"ok":true}\n` };

test("a bridge answers on the loopback, that it is ready and alive, and with its series", async () => {
  const bridge = await world.startBridge();
  expect(new URL(bridge.url).hostname).toBe("127.0.0.1");
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(ready));
  expect(await ask(bridge, "/livez")).toEqual(ready);
  const answer = await fetch(`${bridge.url}/metrics`);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await answer.text()).toContain("\nprocess_resident_memory_bytes ");
  expect(sumOf(await scrape(bridge.url), "sqe_bridge_ready")).toBe(1);
});

test("a bridge answers nothing else, and takes nothing", async () => {
  const bridge = await world.startBridge();
  expect(await ask(bridge, "/")).toMatchObject({ status: 404 });
  expect(await ask(bridge, "/metrics/")).toMatchObject({ status: 404 });
  expect(await ask(bridge, "/readyz", { method: "POST", body: "x" })).toMatchObject({ status: 405 });
  expect(await ask(bridge, "/livez?verbose", { method: "HEAD" })).toEqual({ status: 200, body: "" });
});

test("a bridge is not ready while the edge refuses or does not know its signature, and is ready again after", async () => {
  world.edge.trouble = () => "refuse";
  const bridge = await world.startBridge();
  const away = { status: 503, body: `{"ok":false,"missing":["edge"]}\n` };
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(away));
  expect(sumOf(await scrape(bridge.url), "sqe_bridge_ready")).toBe(0);
  expect(await ask(bridge, "/livez")).toEqual(ready);
  world.edge.trouble = () => "answer";
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(ready));
});

test("a bridge that is asked often whether it is ready asks the edge once in 30 s, and wakes no run", async () => {
  const asked: string[] = [];
  world.edge.trouble = ({ id, verb }) => (asked.push(`${id} ${verb}`), "answer");
  const bridge = await world.startBridge();
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(ready));
  await Promise.all([1, 2, 3, 4, 5].map(() => ask(bridge, "/readyz")));
  expect(asked).toEqual(["none alive"]);
});

test("a bridge is not ready while Redis is away, counts its errors, and is still alive", async () => {
  const redis = await openRedis();
  const bridge = await world.startBridge({}, { redisUrl: redis.url });
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(ready));
  await redis.close();
  const away = { status: 503, body: `{"ok":false,"missing":["redis"]}\n` };
  await vi.waitFor(async () => expect(await ask(bridge, "/readyz")).toEqual(away), { timeout: 30_000, interval: 200 });
  expect(await ask(bridge, "/livez")).toEqual(ready);
  const samples = await scrape(bridge.url);
  expect(sumOf(samples, "sqe_redis_errors_total", { connection: "acting" })).toBeGreaterThan(0);
  expect([...samples.keys()].filter((name) => name.startsWith("sqe_queue"))).toEqual([]);
  const again = await openRedis({ port: Number(new URL(redis.url).port) });
  await soon(async () => expect(await ask(bridge, "/readyz")).toEqual(ready));
  await bridge.close();
  await again.close();
});

test("openProbes() answers /livez with the loops that are stuck", async () => {
  let now = 0;
  const connection = { status: "ready", on: () => {} };
  const liveness = openLiveness(
    { monotonic: () => now },
    { intake: connection, "take-over": connection, "call-again": connection },
  );
  const readiness = { asked: () => {}, whyNot: async () => [] };
  const address = { host: "127.0.0.1", port: 0 };
  const probes = await openProbes(address, {
    metrics: openMetrics(),
    readiness,
    liveness,
    readQueue: async () => undefined,
  });
  now = 151_000;
  liveness.turn("take-over");
  liveness.turn("call-again");
  expect(await ask(probes, "/livez")).toEqual({ status: 503, body: `{"ok":false,"stuck":["intake"]}\n` });
  liveness.turn("intake");
  expect(await ask(probes, "/livez")).toEqual(ready);
  await probes.close();
});

test("a bridge that leaves says so while its last run ends, and then answers no more", async () => {
  await world.ask("faults", [{ call: "SOAP Perform", delayMs: 1500 }]);
  const bridge = await world.startBridge();
  const id = await world.submit("SELECT CustomerKey FROM Customers");
  await soon(() => expect(world.edge.run(id)).toMatchObject({ grant: { state: "open" } }));
  const closing = bridge.close();
  expect(await ask(bridge, "/readyz")).toEqual({ status: 503, body: `{"ok":false,"missing":["leaving"]}\n` });
  expect(await ask(bridge, "/livez")).toEqual(ready);
  await closing;
  await expect(ask(bridge, "/livez")).rejects.toThrow();
});

test("a bridge whose port is taken does not start, and names the two variables", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expect(world.startBridge({}, { httpPort: port ?? 0 })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port} (EADDRINUSE): set BRIDGE_HTTP_HOST and BRIDGE_HTTP_PORT`,
  );
  taken.close();
});
