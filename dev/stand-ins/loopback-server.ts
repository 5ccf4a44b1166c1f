import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

export type Question = { method: string; url: URL; headers: IncomingHttpHeaders; body: string };
export type Answer = { status: number; body: unknown };
export type Server = {
  /** Base URL without trailing slash. */
  url: string;
  /** Closes open connections and frees the port. */
  close(): Promise<void>;
};

/**
 * Opens a JSON server that only this machine can reach.
 *
 * @param port 0 for any free port
 * @param answer should not throw; an error is answered with 500 and its message
 * @throws when the port is taken
 */
export async function openLoopbackServer(
  port: number,
  answer: (question: Question) => Promise<Answer>,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const reply = await answer(await readQuestion(request)).catch((error: unknown) => ({
      status: 500,
      body: { error: error instanceof Error ? error.message : String(error) },
    }));
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify(reply.body));
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
