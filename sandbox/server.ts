import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { answer, type Delivery } from "./answer.ts";
import { controlReply } from "./control/routes.ts";
import { json, plain, type Reply } from "./http.ts";
import { keep, restore } from "./persistence.ts";
import { readBody, toRequest } from "./receive.ts";
import { route } from "./route.ts";
import { openWorld, type World, type WorldOptions } from "./world.ts";

/** A running sandbox; `url` has no trailing slash. */
export type Sandbox = { url: string; close(): Promise<void> };

export type SandboxOptions = WorldOptions & {
  port?: number;
  /** Keeps assets and rows across restarts; written when the sandbox closes and every few seconds while it changes. */
  file?: string;
};

const keepEveryMs = 5000;

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** Starts a sandbox on 127.0.0.1; port 0 or none means a free one. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = openWorld(options);
  const keeping = keepIn(world, options.file);
  const server = createServer((incoming, outgoing) => {
    void serve(world, incoming, outgoing);
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  // A server that listens on TCP has an AddressInfo.
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.url,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      keeping?.stop();
      world.clock.reset();
      world.engine.close();
    },
  };
}

function keepIn(world: World, file: string | undefined): { stop(): void } | undefined {
  if (file === undefined) return undefined;
  restore(world, file);
  let kept = { ledger: world.ledger, seq: 0 };
  const save = () => {
    // A reset begins a new ledger.
    const isNew = kept.ledger !== world.ledger;
    const entries = world.ledger.after(isNew ? 0 : kept.seq);
    if (!isNew && entries.length === 0) return;
    kept = { ledger: world.ledger, seq: (isNew ? 0 : kept.seq) + entries.length };
    keep(world, file);
  };
  const timer = setInterval(save, keepEveryMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      keep(world, file);
    },
  };
}

async function serve(world: World, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const body = await readBody(incoming);
    if (body === undefined) return send(outgoing, plain(413, "The request body is larger than 5 MB"));
    const request = toRequest(incoming, body);
    if (request === undefined) return send(outgoing, plain(400, "Bad Request"));
    world.clock.catchUp();
    if (/^\/sandbox(?:\/|$)/.test(request.path)) {
      const isNear = loopback.has(incoming.socket.remoteAddress ?? "");
      return send(
        outgoing,
        isNear ? controlReply(world, request) : json(403, { error: "The control API answers this machine only" }),
      );
    }
    const call = route(world, request);
    const isZipped = /\bgzip\b/i.test(request.headers["accept-encoding"] ?? "") && zips(world, call.name);
    deliver(await answer(world, call), outgoing, isZipped);
  } catch (error) {
    // A bug of the sandbox: answer with it instead of closing the connection.
    if (!outgoing.headersSent)
      send(outgoing, json(500, { message: `Sandbox error: ${String(error)}`, errorcode: 500, documentation: "" }));
    else outgoing.destroy();
  }
}

/** Recorded for the token endpoint; a switch decides about the others. */
function zips({ behaviours }: World, call: string): boolean {
  return behaviours.gzip === "all" || call === "AUTH token";
}

function deliver(delivery: Delivery, outgoing: ServerResponse, isZipped: boolean): void {
  switch (delivery.kind) {
    case "whole":
      return send(outgoing, delivery.reply, isZipped);
    case "part":
      return truncate(outgoing, delivery.reply, delivery.bytes);
    case "cut":
      return void outgoing.destroy();
    case "never":
      return undefined;
  }
}

function send(outgoing: ServerResponse, reply: Reply, isZipped = false): void {
  const body = isZipped ? gzipSync(reply.body) : Buffer.from(reply.body);
  outgoing.writeHead(reply.status, {
    ...reply.headers,
    ...(isZipped ? { "content-encoding": "gzip" } : {}),
    "content-length": body.length,
    "cache-control": "no-store",
  });
  outgoing.end(body);
}

function truncate(outgoing: ServerResponse, reply: Reply, bytes: number): void {
  const body = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  outgoing.write(body.subarray(0, bytes), () => outgoing.destroy());
}
