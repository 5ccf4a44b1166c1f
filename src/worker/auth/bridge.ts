import { isSigned, maxSkewMs, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { Config } from "../config.ts";

export type BridgeCheck = { kind: "signed"; body: string } | { kind: "skewed"; now: number } | { kind: "unsigned" };

/**
 * Tells whether a request comes from a bridge: HMAC over method, path, timestamp and body with one of the live secrets.
 * A replay within the minute is harmless: every bridge call is idempotent by claimId, nonce or seq.
 */
export async function checkBridge(request: Request, config: Config, now: number): Promise<BridgeCheck> {
  const timestamp = request.headers.get(timestampHeader) ?? "";
  const signature = request.headers.get(signatureHeader) ?? "";
  const body = await request.text();
  const { BRIDGE_SECRET: newest, BRIDGE_SECRET_PREVIOUS: previous } = config;
  const secrets = previous === undefined ? [newest] : [newest, previous];
  const path = new URL(request.url).pathname;
  // Signature first: only a bridge may learn our clock.
  if (!(await isSigned(secrets, { method: request.method, path, timestamp, body }, signature)))
    return { kind: "unsigned" };
  return Math.abs(Number(timestamp) - now) > maxSkewMs ? { kind: "skewed", now } : { kind: "signed", body };
}
