import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { openMce, type MceCall } from "../../../src/mce/client.ts";
import type { MceDeps } from "#mce/session.ts";
import { access, tokenBody } from "./stand-in.ts";
import { mceDeps } from "../../support/platform.ts";

/** What the server does with one request: send raw bytes, or act on the socket. */
export type Act = string | ((socket: Socket) => void);

/**
 * A server that grants tokens and answers every other request with the next of `acts`, byte by byte as given; the last
 * one for ever. Every connection carries one request. It closes with the test, or by `close`.
 */
export async function openRawServer(acts: readonly Act[], overrides: Partial<MceDeps> = {}) {
  const paths: string[] = [];
  let acted = 0;
  let tokens = 0;
  const listening = createServer((socket) => {
    let received = "";
    let isAnswered = false;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received += chunk.toString();
      if (isAnswered || !isComplete(received)) return;
      isAnswered = true;
      const path = received.split(" ", 2)[1] ?? "";
      paths.push(path);
      if (path === "/v2/token") {
        tokens += 1;
        const urls = { rest_instance_url: url, soap_instance_url: url };
        socket.end(http(200, JSON.stringify(tokenBody({ ...urls, access_token: `access-token-${tokens}` }))));
        return;
      }
      const act = acts[Math.min(acted, acts.length - 1)] ?? "";
      acted += 1;
      if (typeof act === "string") socket.end(act);
      else act(socket);
    });
  });
  const close = () => new Promise<unknown>((done) => listening.close(done));
  onTestFinished(async () => {
    if (listening.listening) await close();
  });
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  // A listening TCP server has an AddressInfo.
  const { port } = listening.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const calls: MceCall[] = [];
  const deps: MceDeps = {
    ...mceDeps(),
    sandboxUrl: url,
    readTimeoutMs: 4000,
    effectTimeoutMs: 4000,
    onCall: (call) => calls.push(call),
    ...overrides,
  };
  return { mce: openMce(access, deps), paths, calls, deps, close };
}

function isComplete(received: string): boolean {
  const [head = "", body] = received.split("\r\n\r\n", 2);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(received) >= Buffer.byteLength(head) + 4 + length;
}

/** A whole answer; each of `headers` ends with a line break. */
export function http(status: number, body: string, headers = ""): string {
  return `HTTP/1.1 ${status} X\r\nconnection: close\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** An answer that never ends, until the client hangs up. */
export async function endless(socket: Socket): Promise<void> {
  socket.write("HTTP/1.1 200 X\r\nconnection: close\r\n\r\n");
  const chunk = "x".repeat(256 * 1024);
  while (!socket.destroyed) {
    if (!socket.write(chunk)) await new Promise<void>((next) => socket.once("drain", next).once("close", next));
  }
}
