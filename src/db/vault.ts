/** The place of a secret. A secret is bound to it: an envelope moved to another row does not open. */
export type Place = { table: string; tenantId: string; row: string; field: string };

/** Keys by id. `newest` seals, every key opens. */
export type Vault = { newest: string; keys: ReadonlyMap<string, CryptoKey> };

const ivBytes = 12;
const keyBytes = 32;
/** Every ciphertext ends with it. */
const tagBytes = 16;

/**
 * Reads the vault's keys.
 *
 * @param text `kid:base64` of 32 bytes each, comma separated, newest first
 * @throws when a key has no id, the wrong length, or an id occurs twice
 */
export async function openVault(text: string): Promise<Vault> {
  const keys = new Map<string, CryptoKey>();
  for (const part of text.split(",").map((item) => item.trim())) {
    const [, kid, encoded] = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9+/=]+)$/.exec(part) ?? [];
    if (kid === undefined || encoded === undefined) throw new Error("Cannot open the vault: a key is not `kid:base64`");
    if (keys.has(kid)) throw new Error(`Cannot open the vault: key id "${kid}" occurs twice`);
    keys.set(kid, await readKey(kid, encoded));
  }
  const [newest] = keys.keys();
  if (newest === undefined) throw new Error("Cannot open the vault: no key");
  return { newest, keys };
}

async function readKey(kid: string, encoded: string): Promise<CryptoKey> {
  const raw = fromBase64(encoded);
  if (raw.length !== keyBytes)
    throw new Error(`Cannot open the vault: key "${kid}" has ${raw.length} bytes, not ${keyBytes}`);
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Encrypts a text with the newest key into the envelope `v1.<kid>.<iv>.<ciphertext>` (AES-256-GCM, base64url). */
export async function seal(vault: Vault, plain: string, place: Place): Promise<string> {
  const key = vault.keys.get(vault.newest);
  if (key === undefined) throw new Error(`Cannot seal ${place.table}.${place.field}: the newest key is missing`);
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const additionalData = binding(vault.newest, place);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    new TextEncoder().encode(plain),
  );
  return ["v1", vault.newest, toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
}

/**
 * Decrypts an envelope.
 *
 * @throws when it was sealed for another place, with an unknown key, was changed or cut off; the message has no content
 */
export async function open(vault: Vault, envelope: string, place: Place): Promise<string> {
  const what = `${place.table}.${place.field}`;
  const [version, kid, iv, ciphertext, ...rest] = envelope.split(".");
  if (version !== "v1" || kid === undefined || iv === undefined || ciphertext === undefined || rest.length > 0) {
    throw new Error(`Cannot open ${what}: not an envelope of version 1`);
  }
  const key = vault.keys.get(kid);
  if (key === undefined) throw new Error(`Cannot open ${what}: no key with id "${kid}"`);
  const [start, sealed] = [readBase64(iv), readBase64(ciphertext)];
  if (start?.length !== ivBytes || sealed === undefined || sealed.length < tagBytes)
    throw new Error(`Cannot open ${what}: the envelope was cut off`);
  const algorithm = { name: "AES-GCM", iv: start, additionalData: binding(kid, place) };
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, sealed));
  } catch {
    throw new Error(`Cannot open ${what}: the envelope belongs to another place or was changed`);
  }
}

function binding(kid: string, { table, tenantId, row, field }: Place): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(["v1", kid, table, tenantId, row, field].join("|"));
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(text);
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}
