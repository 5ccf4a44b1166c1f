import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

export type Question = { method: string; url: URL; headers: IncomingHttpHeaders; body: string };
export type Answer = { status: number; body: unknown };
export type Server = {
  /** Base URL without trailing slash. */
  url: string;
  /** Closes open connections and frees the port. */
  close(): Promise<void>;
};

/** Where every such server tells how much it was asked since its start, for tests and benches. */
export const countsPath = "/counts";
/** How much a server was asked; bytes are those of bodies. */
export type Counts = { requests: number; bytesIn: number; bytesOut: number };

/**
 * Opens a JSON server that only this machine can reach. It answers `countsPath` itself.
 *
 * @param port 0 for any free port
 * @param answer should not throw; an error is answered with 500 and its message
 * @throws when the port is taken
 */
export async function openLoopbackServer(
  port: number,
  answer: (question: Question) => Promise<Answer>,
): Promise<Server> {
  const counts: Counts = { requests: 0, bytesIn: 0, bytesOut: 0 };
  const server = createServer(async (request, response) => {
    // A client that leaves while it asks is no reason to end.
    const question = await readQuestion(request).catch(() => undefined);
    if (question === undefined) return void response.destroy();
    if (question.url.pathname === countsPath) return void response.end(JSON.stringify(counts));
    counts.requests += 1;
    counts.bytesIn += Buffer.byteLength(question.body);
    const reply = await answer(question).catch((error: unknown) => ({
      status: 500,
      body: { error: error instanceof Error ? error.message : String(error) },
    }));
    const text = JSON.stringify(reply.body);
    counts.bytesOut += Buffer.byteLength(text);
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(text);
  });
  // Node's default of 5 s may close a connection just as the client's next request arrives.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot open a server: it has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readQuestion(request: IncomingMessage): Promise<Question> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const { method = "GET", url = "/", headers } = request;
  return { method, url: new URL(url, "http://127.0.0.1"), headers, body: Buffer.concat(parts).toString() };
}
