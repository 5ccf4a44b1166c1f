/** Headers of a signed bridge request; the timestamp is epoch milliseconds. */
export const timestampHeader = "x-sqe-timestamp";
export const signatureHeader = "x-sqe-signature";
/** A request whose timestamp is further off than this is refused as CLOCK_SKEW. */
export const maxSkewMs = 60_000;

export type Signed = { method: string; path: string; timestamp: string; body: string };

/** HMAC-SHA256 over method, path, timestamp and body, as lower-case hex. */
export async function sign(secret: string, request: Signed): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await hmacKey(secret, "sign"), material(request));
  return toHex(new Uint8Array(mac));
}

/** Whether a signature was made with one of the secrets; two are valid during a rotation. */
export async function isSigned(secrets: readonly string[], request: Signed, signature: string): Promise<boolean> {
  const given = fromHex(signature);
  if (given === undefined) return false;
  for (const secret of secrets) {
    // subtle.verify compares in constant time.
    if (await crypto.subtle.verify("HMAC", await hmacKey(secret, "verify"), given, material(request))) return true;
  }
  return false;
}

function hmacKey(secret: string, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

function material({ method, path, timestamp, body }: Signed): Uint8Array<ArrayBuffer> {
  return encode([method.toUpperCase(), path, timestamp, body].join("\n"));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Lower-case hex of bytes. */
function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^([0-9a-f]{2})+$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** SHA-256 of a text as lower-case hex. */
export async function sha256(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encode(text))));
}
