import { answer } from "./answer.ts";
import { plain, type Reply, type Request as SandboxRequest } from "./http.ts";
import { route } from "./route.ts";
import type { World } from "./world.ts";

/** A fetch answered by a world in this process, on that world's clock: for tests that control time. */
export function fetchFrom(world: World): typeof fetch {
  return async (input, init) => {
    const request = await toRequest(new Request(input, init));
    world.clock.catchUp();
    const delivery = await answer(world, request === undefined ? unreadable : route(world, request));
    switch (delivery.kind) {
      case "whole":
        return toResponse(delivery.reply);
      case "part":
        return toResponse(delivery.reply, delivery.bytes);
      case "cut":
        throw new TypeError("fetch failed");
      case "never":
        return untilAborted(init?.signal);
    }
  };
}

const unreadable = { name: "malformed", run: () => plain(400, "Bad Request") };

async function toRequest(request: Request): Promise<SandboxRequest | undefined> {
  const url = URL.parse(request.url);
  if (url === null) return undefined;
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, path: url.pathname, query: url.searchParams, headers, body: await request.text() };
}

function toResponse({ status, headers, body }: Reply, cutAt?: number): Response {
  const bytes = new TextEncoder().encode(body);
  const whole = { ...headers, "content-length": String(bytes.length) };
  if (cutAt === undefined) return new Response(bytes, { status, headers: whole });
  const cut = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, cutAt));
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(cut, { status, headers: whole });
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}
