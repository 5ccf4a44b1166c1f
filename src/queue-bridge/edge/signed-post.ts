import { readJson } from "#lang/json.ts";
import type { Platform } from "#async/platform.ts";
import { Refusal } from "#protocol/bridge-answers.ts";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";

export type SignedPostDeps = {
  url: string;
  secret: string;
  platform: Pick<Platform, "fetch" | "now" | "timeout">;
  timeoutMs: number;
};

export type Reply = { httpStatus: number; body: unknown };

/** Posts a signed body to a path of the edge. @throws when the connection fails, or at the time-out */
export type SignedPost = (path: string, body: string, signal?: AbortSignal) => Promise<Reply>;

/** Opens signed requests. They learn the edge's clock from a CLOCK_SKEW refusal and use it from then on. */
export function openSignedPost({ url: base, secret, platform, timeoutMs }: SignedPostDeps): SignedPost {
  let skewMs = 0;

  async function post(path: string, body: string, signal?: AbortSignal): Promise<Reply> {
    const url = new URL(base + path);
    const timestamp = String(Math.round(platform.now() + skewMs));
    const signature = await sign(secret, { method: "POST", path: url.pathname, timestamp, body });
    const timeout = platform.timeout(timeoutMs);
    const headers = {
      "content-type": "application/json",
      [timestampHeader]: timestamp,
      [signatureHeader]: signature,
    };
    const abort = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    // What is signed for the edge goes nowhere else: a redirect is an answer that says nothing.
    const response = await platform.fetch(url, { method: "POST", headers, body, signal: abort, redirect: "manual" });
    return { httpStatus: response.status, body: readJson(await response.text()) };
  }

  return async (path, body, signal) => {
    const first = await post(path, body, signal);
    const refusal = first.httpStatus === 401 ? Refusal.safeParse(first.body).data : undefined;
    if (refusal?.code !== "CLOCK_SKEW" || refusal.now === undefined) return first;
    skewMs = refusal.now - platform.now();
    return post(path, body, signal);
  };
}
