import type { EnvironmentName } from "./development-only.ts";

/**
 * What a secret of ours looks like: `<prefix>_<env>_<8 base62 id>_<32 base62 secret><6 base62 CRC32>`. The prefix is for
 * scanners, the id for people, and the checksum tells a typo without a look into the database (D54).
 */
export type KeyParts = { id: string; environment: string };

/** `sqe` asks as a user, `sqeop` as an operator. */
export type KeyPrefix = "sqe" | "sqeop";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const idLength = 8;
/** 190 bits. */
const secretLength = 32;
const sumLength = 6;

const environments: Record<EnvironmentName, string> = {
  development: "dev",
  rehearsal: "test",
  production: "live",
};

/** The name of an environment, as keys have it. */
export function keyEnvironment(name: EnvironmentName): string {
  return environments[name];
}

/** Draws a new key. @param random fills the bytes it is given */
export function drawKey(
  prefix: KeyPrefix,
  environment: EnvironmentName,
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
): { id: string; key: string } {
  const id = draw(idLength, random);
  const body = `${prefix}_${environments[environment]}_${id}_${draw(secretLength, random)}`;
  return { id, key: `${body}${checksum(body)}` };
}

/** Reads a key's public parts. @returns undefined for a text of another form, and for one with a typo */
export function readKey(prefix: KeyPrefix, text: string): KeyParts | undefined {
  const [, found, environment, id] = /^([a-z]+)_([a-z]+)_([0-9A-Za-z]{8})_[0-9A-Za-z]{38}$/.exec(text) ?? [];
  if (found !== prefix || environment === undefined || id === undefined) return undefined;
  const body = text.slice(0, -sumLength);
  return text.slice(-sumLength) === checksum(body) ? { id, environment } : undefined;
}

/** Each letter is equally likely: bytes that would favor the first ones are drawn again. */
function draw(length: number, random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    const usable = [...random(new Uint8Array(length))].filter((byte) => byte < fair);
    text += usable.map((byte) => alphabet[byte % alphabet.length]).join("");
  }
  return text.slice(0, length);
}

/** CRC32 (IEEE 802.3) of an ASCII text, in base62. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = "";
  while (digits.length < sumLength) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
