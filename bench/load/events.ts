import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createClient } from "#client/client.ts";
import type { Run } from "#client/run.ts";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { within } from "../history/settle.ts";
import type { BenchStack } from "../stack/bench-stack.ts";
import { quantile } from "../stack/figures.ts";
import { peakDuring } from "../stack/memory.ts";
import type { Figure } from "./figure.ts";

const slowReaders = 50;
/** What all events are together, for each watcher: many times what the sockets on the way hold for one who does not read. */
const broughtMb = 20;
/** What may be held for one who does not read: 256 KiB in the edge, and the sockets on both sides of `wrangler dev`'s proxy. */
const heldMaxMb = 15;
/** If it held all events for each of them, it would need 1,000 MB more. */
const workerdMaxMb = 900;
const drainMs = 30_000;
const bytesInMb = 1024 * 1024;
const nameLength = 120;
/** What a column is in an event: its name, its type, and the words around them. */
const columnBytes = nameLength + 28;
/** How an answer of HTTP/1.1 ends. */
const lastChunk = "\r\n0\r\n\r\n";

type Say = (action: string, body: object) => Promise<Response>;
/** Which versions one who reads has had, and when; settles when the run is over. */
type Reader = { at: ReadonlyMap<number, number>; over: Promise<number> };
/** What came to one who had not read, and whether nothing more would have come. */
type Held = { mb: number; isCut: boolean };

/**
 * Numbered events to the object of one run, as a bridge sends them, while clients follow the run that read nothing, and one
 * that does; then the run is canceled, and that one has to hear so at once. The bridge of the stack is fenced by our claim.
 *
 * The events have bulk, and watchers are sent them, so that the edge has to cut those who do not read.
 */
export async function events(stack: BenchStack, count: number): Promise<Figure[]> {
  await stack.control("clock", { speed: 0.000_1 });
  try {
    const { done: figures, peak } = await peakDuring(stack.file, () => measure(stack, count));
    const workerdMb = peak.get("workerd") ?? Number.NaN;
    return [...figures, { name: "events: peak memory of workerd", value: workerdMb, unit: "MB", atMost: workerdMaxMb }];
  } finally {
    await stack.control("clock", { speed: 1 });
  }
}

async function measure(stack: BenchStack, count: number): Promise<Figure[]> {
  const { edge, tokens } = stack.file();
  const client = createClient({ url: edge, token: tokens.alice });
  const { id } = await client.run("SELECT TOP 5 CustomerKey FROM Customers");
  const idle = await Promise.all(
    Array.from({ length: slowReaders }, () => followWithoutReading(edge, tokens.alice, id)),
  );
  const say = bridgeOf(edge, await secretOf(stack), id);
  // The edge answers a claim so.
  const claim = (await (await say("claim", { claimId: crypto.randomUUID() })).json()) as { epoch: number; seq: number };
  const run = await client.open(id);
  const before = run.state.version;
  const reader = openReader(run);
  const { sentAt, took, refused } = await report(say, claim, count);
  const readFrom = performance.now();
  await client.open(id);
  const readMs = performance.now() - readFrom;
  const held = await Promise.all(idle.map(drain));
  const canceledAt = performance.now();
  await run.cancel();
  const heardMs = (await reader.over) - canceledAt;
  const lateMs = sentAt.map((at, n) => (reader.at.get(before + n + 1) ?? Number.NaN) - at);
  return [
    { name: `events: ${count} to one object; refused`, value: refused, unit: "", atMost: 0 },
    { name: "events: 99 of 100 are answered in", value: quantile(took, 0.99), unit: "ms", atMost: 100 },
    { name: "events: the last hundred, compared with the first", value: slowdownOf(took), unit: "times", atMost: 3 },
    { name: "events: then the run is read in", value: readMs, unit: "ms", atMost: 500 },
    ...readerFigures(lateMs, heardMs),
    ...heldFigures(held),
  ];
}

function readerFigures(lateMs: readonly number[], heardMs: number): Figure[] {
  const [beside, seen] = [`events: beside ${slowReaders} who do not read, a reader`, lateMs.filter((ms) => ms >= 0)];
  return [
    { name: `${beside} lacks`, value: lateMs.length - seen.length, unit: "events", atMost: 0 },
    { name: `${beside} has 99 of 100 in`, value: quantile(seen, 0.99), unit: "ms", atMost: 200 },
    { name: `${beside} hears of the end in`, value: heardMs, unit: "ms", atMost: 1000 },
  ];
}

function heldFigures(held: readonly Held[]): Figure[] {
  const most = Math.max(...held.map(({ mb }) => mb));
  const uncut = held.filter(({ isCut }) => !isCut).length;
  return [
    { name: "events: of those who do not read were not cut", value: uncut, unit: "", atMost: 0 },
    { name: `events: of ${broughtMb} MB was held for one of them`, value: most, unit: "MB", atMost: heldMaxMb },
  ];
}

/** Sends reports one after the other: when each was sent, and how long its answer took. */
async function report(say: Say, { epoch, seq }: { epoch: number; seq: number }, count: number) {
  const columns = columnsOf((broughtMb * bytesInMb) / count);
  const [sentAt, took]: [number[], number[]] = [[], []];
  let refused = 0;
  for (let n = 1; n <= count; n += 1) {
    const from = performance.now();
    const answer = await say("transitions", { epoch, seq: seq + n, type: "planned", columns, notes: [] });
    took.push(performance.now() - from);
    sentAt.push(from);
    await answer.arrayBuffer();
    refused += answer.ok ? 0 : 1;
  }
  return { sentAt, took, refused };
}

/** So many columns that an event which tells them has about this size. */
function columnsOf(bytes: number): object[] {
  return Array.from({ length: Math.ceil(bytes / columnBytes) }, (_none, at) => ({
    name: String(at).padStart(nameLength, "c"),
    type: "Text",
  }));
}

function openReader(run: Run): Reader {
  const at = new Map<number, number>();
  const follow = async () => {
    for await (const { version } of run.watch()) at.set(version, performance.now());
    return performance.now();
  };
  return { at, over: follow() };
}

function slowdownOf(took: readonly number[]): number {
  return quantile(took.slice(-100), 0.5) / quantile(took.slice(0, 100), 0.5);
}

/** A client whose socket is not read from. */
async function followWithoutReading(edge: string, token: string, id: string): Promise<Socket> {
  const { hostname, port } = new URL(edge);
  const socket = connect(Number(port), hostname).pause();
  await once(socket, "connect");
  socket.write(`GET /v1/runs/${id}/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  socket.on("error", () => undefined);
  return socket;
}

/** Reads what is there for a client that has not read so far, to the end of its stream if there is one. */
async function drain(socket: Socket): Promise<Held> {
  let bytes = 0;
  let tail = "";
  socket.on("data", (part) => {
    bytes += part.length;
    tail = (tail + part.toString("latin1")).slice(-lastChunk.length);
  });
  socket.resume();
  const isCut = await within(drainMs, () => Promise.resolve(socket.closed || tail === lastChunk));
  socket.destroy();
  return { mb: bytes / bytesInMb, isCut };
}

async function secretOf(stack: BenchStack): Promise<string> {
  return /^BRIDGE_SECRET=(.*)$/m.exec(await readEnvironment(stack.dir, "bridge"))?.[1] ?? "";
}

function bridgeOf(edge: string, secret: string, id: string): Say {
  return async (action, content) => {
    const path = `/bridge/runs/${id}/${action}`;
    const [body, timestamp] = [JSON.stringify(content), String(Date.now())];
    const signature = await sign(secret, { method: "POST", path, timestamp, body });
    const headers = { [timestampHeader]: timestamp, [signatureHeader]: signature };
    return fetch(`${edge}${path}`, { method: "POST", body, headers });
  };
}
