import { once } from "node:events";
import { z } from "zod";
import { readJson } from "#lang/json.ts";

/** JavaScript's part of a process' memory in MB: what is in use, and what V8 holds for it. */
export type Heap = { usedMb: number; heldMb: number };

const Answer = z.looseObject({ id: z.number().optional(), result: z.unknown() });
const Usage = z.looseObject({ usedSize: z.number(), totalSize: z.number() });
const bytesInMb = 1024 * 1024;
const answerMs = 10_000;

/**
 * Reads the heap of the isolate that runs the Worker and its objects, from the inspector of `wrangler dev`.
 *
 * @param edge collects garbage before, so that all of it lives: workerd does so with the next request to this address
 */
export async function readWorkerHeap(port: number, edge?: string): Promise<Heap> {
  // The inspector takes only pages of this machine. Node's WebSocket takes headers; its type here is the browser's.
  const options = { headers: { origin: "http://localhost" } } as unknown as string[];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
  try {
    await once(socket, "open", { signal: AbortSignal.timeout(answerMs) });
    if (edge !== undefined) {
      const collected = ask(socket, 1, "HeapProfiler.collectGarbage");
      await (await fetch(`${edge}/healthz`)).arrayBuffer();
      await collected;
    }
    const { usedSize, totalSize } = Usage.parse(await ask(socket, 2, "Runtime.getHeapUsage"));
    return { usedMb: usedSize / bytesInMb, heldMb: totalSize / bytesInMb };
  } finally {
    socket.close();
  }
}

/** Reads the heap of a bridge from its `/metrics`. */
export async function readBridgeHeap(port: number): Promise<Heap> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(answerMs) });
  const text = await answer.text();
  const series = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]) / bytesInMb;
  return { usedMb: series("nodejs_heap_size_used_bytes"), heldMb: series("nodejs_heap_size_total_bytes") };
}

/** Sends a command of the inspector's protocol. @returns its result */
async function ask(socket: WebSocket, id: number, method: string): Promise<unknown> {
  const signal = AbortSignal.timeout(answerMs);
  const answered = new Promise<unknown>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`Cannot read the heap: no answer to ${method}`)));
    socket.addEventListener("message", ({ data }) => {
      const answer = Answer.safeParse(readJson(String(data)));
      if (answer.data?.id === id) resolve(answer.data.result);
    });
  });
  socket.send(JSON.stringify({ id, method }));
  return answered;
}
