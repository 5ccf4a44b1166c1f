import type { Context } from "hono";
import { sha256 } from "#protocol/signature.ts";
import { isSameTag } from "./watch/long-poll.ts";

/** Answers with JSON and a tag of its content, or 304 to a client that has it. @param known If-None-Match */
export async function tagged(c: Context, body: object, known: string | undefined): Promise<Response> {
  const text = JSON.stringify(body);
  const etag = `"${(await sha256(text)).slice(0, 22)}"`;
  if (known !== undefined && isSameTag(known, etag)) return c.body(null, 304, { etag });
  return c.body(text, 200, { etag, "content-type": "application/json" });
}
