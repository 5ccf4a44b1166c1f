import { isSigned, maxSkewMs, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { Config } from "../config.ts";
import { readRequestText } from "../submit/request-text.ts";

export type BridgeCheck =
  | { kind: "signed"; body: string }
  | { kind: "skewed"; now: number }
  | { kind: "unsigned" }
  | { kind: "too-large"; maxBytes: number };

/** More than the largest transition (`ready` with 1,000 columns and 1,000 of its target), and as much as an object can store. */
const bodyMaxBytes = 2_000_000;

/**
 * Checks that a request comes from a bridge: an HMAC over method, path, timestamp and body with one of the live secrets.
 * A replay within the allowed clock skew is harmless: every bridge call is idempotent by claimId, nonce or seq.
 */
export async function checkBridge(request: Request, config: Config, now: number): Promise<BridgeCheck> {
  const timestamp = request.headers.get(timestampHeader) ?? "";
  const signature = request.headers.get(signatureHeader) ?? "";
  const read = await readRequestText(request, bodyMaxBytes);
  if (read.kind === "too-large") return { kind: "too-large", maxBytes: bodyMaxBytes };
  if (read.kind !== "text") return { kind: "unsigned" };
  const body = read.text;
  const { BRIDGE_SECRET: newest, BRIDGE_SECRET_PREVIOUS: previous } = config;
  const secrets = previous === undefined ? [newest] : [newest, previous];
  const path = new URL(request.url).pathname;
  // Signature first: only a bridge may learn our time.
  if (!(await isSigned(secrets, { method: request.method, path, timestamp, body }, signature)))
    return { kind: "unsigned" };
  return Math.abs(Number(timestamp) - now) > maxSkewMs ? { kind: "skewed", now } : { kind: "signed", body };
}
