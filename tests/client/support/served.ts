import { openPlatform, type Platform } from "#async/platform.ts";
import { openClient, type Client, type ClientOptions } from "#client/client.ts";
import type { RunState } from "#client/run-state.ts";

/** One request as the server got it. */
export type Asked = { method: string; path: string; headers: Headers; body: unknown };

/** Answers a request; `nth` counts all of them from 1. An error is a connection that fails. */
type Server = (asked: Asked, nth: number) => Response | Promise<Response> | Error;

/** A deadline, or the limit for a quiet stream; delays between tries are shorter or have no signal here. */
const deadlineMs = 10_000;

/** A client whose network is `server` and whose clock jumps over each delay; `waits` has those in milliseconds. */
export function clientOf(
  server: Server,
  options: ClientOptions & { isQuietOver?: boolean } = {},
): { client: Client; asked: Asked[]; waits: number[] } {
  const asked: Asked[] = [];
  const waits: number[] = [];
  let now = 0;
  const platform: Platform = {
    ...openPlatform(),
    fetch: async (input, init = {}) => {
      init.signal?.throwIfAborted();
      const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
      const path = (typeof input === "string" ? input : "").replace("https://sqe.test", "");
      const request = { method: init.method ?? "GET", path, headers: new Headers(init.headers), body };
      asked.push(request);
      const answer = await server(request, asked.length);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    now: () => now,
    random: () => 0,
    uuid: () => "a-new-key",
    sleep: async (ms, signal) => {
      if (signal?.aborted) return false;
      const isDeadline = ms >= deadlineMs && signal !== undefined;
      // The limit of a stream is over when the test says so; other deadlines never are.
      if (isDeadline && !(options.isQuietOver && ms < 60_000)) return new Promise(() => undefined);
      if (!isDeadline) waits.push(ms);
      now += ms;
      return true;
    },
  };
  return { client: openClient({ url: "https://sqe.test/", token: "t", ...options }, platform), asked, waits };
}

/** A run of the API. */
export function runView(overrides: Partial<RunState> = {}): RunState {
  const self = "/v1/runs/r1";
  const links = { self, events: `${self}/events`, results: `${self}/results`, cancel: `${self}/cancel` };
  return {
    id: "r1",
    status: "queued",
    version: 1,
    flow: "run-to-temp",
    createdAt: "2026-11-30T10:00:00.000Z",
    links,
    ...overrides,
  };
}

/** A stream that brings these parts and then is cut; with `stays` it stays open and is quiet. */
export function streamOf(parts: readonly string[], { stays = false }: { stays?: boolean } = {}): Response {
  const bytes = parts.map((part) => new TextEncoder().encode(part));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = bytes.shift();
      if (next !== undefined) return controller.enqueue(next);
      if (stays) return new Promise(() => undefined);
      controller.error(new TypeError("terminated"));
      return undefined;
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** A run as an event of a stream. */
export function eventOf(run: RunState): string {
  return `id: ${run.version}\nevent: run\ndata: ${JSON.stringify(run)}\n\n`;
}

/** A problem as the API answers it. */
export function problem(
  status: number,
  code: string,
  facts: object = {},
  headers: Record<string, string> = {},
): Response {
  const body = { type: "urn:x", title: "A title", status, detail: "A detail", code, ...facts };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json", ...headers } });
}
