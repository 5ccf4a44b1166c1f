import type { IncomingMessage } from "node:http";
import type { Request } from "./http.ts";

/** MCE takes payloads below 5 MB (MCE 9). */
const largestBody = 5_000_000;

/** The whole body as text; undefined when it is too large. */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    // Without an encoding a request's chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= largestBody) chunks.push(bytes);
  }
  return size > largestBody ? undefined : Buffer.concat(chunks).toString("utf8");
}

/** The request in the sandbox's form; undefined when its target is not a path. */
export function toRequest(incoming: IncomingMessage, body: string): Request | undefined {
  const target = incoming.url ?? "/";
  const url = URL.parse(target, "http://sandbox");
  if (url === null) return undefined;
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return { method: incoming.method ?? "GET", path: url.pathname, query: url.searchParams, headers, body };
}
