export type RequestText = { kind: "text"; text: string } | { kind: "too-large" } | { kind: "not-utf-8" };

/**
 * Reads a body as UTF-8, and stops at `maxBytes` so that nobody can fill an isolate's memory. Bytes that are not UTF-8
 * are refused, because a replacement character inside a literal would silently change the query.
 */
export async function readRequestText(request: Request, maxBytes: number): Promise<RequestText> {
  if (request.body === null) return { kind: "text", text: "" };
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return { kind: "too-large" };
      text += decoder.decode(chunk, { stream: true });
    }
    return { kind: "text", text: text + decoder.decode() };
  } catch (error) {
    // The only error of a decoder; any other one is a client that has gone.
    if (error instanceof TypeError) return { kind: "not-utf-8" };
    throw error;
  }
}
