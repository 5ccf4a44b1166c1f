import { gunzipSync, inflateRawSync, inflateSync, constants } from "node:zlib";

/** A packed part of a content, and what is in it. */
export type Unpacked = { how: string; bytes: Buffer };

/** Larger parts are cut: what is searched for would stand at their beginning, too. */
const packedMaxBytes = 256 * 1024;
const codedMinLength = 24;
/** The second byte of a zlib stream without a dictionary. The first one, 0x78, is the letter x. */
const zlibLevels = new Set([0x01, 0x5e, 0x9c, 0xda]);
const cut = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 * 1024 * 1024 };

/** Finds gzip and zlib streams by their first bytes, anywhere in a content; a raw deflate stream only if it is all of it. */
export function inflated(content: Buffer): Unpacked[] {
  const found: Unpacked[] = [];
  for (let at = content.indexOf(0x1f); at >= 0; at = content.indexOf(0x1f, at + 1))
    if (content[at + 1] === 0x8b && content[at + 2] === 8) found.push(...gunzipped(content, at));
  for (let at = content.indexOf(0x78); at >= 0; at = content.indexOf(0x78, at + 1))
    if (zlibLevels.has(content[at + 1] ?? 0)) found.push(...tried("zlib", inflateSync, content, at));
  if (content.length > 4 && content.length < packedMaxBytes)
    found.push(...tried("deflate", inflateRawSync, content, 0));
  return found;
}

/** Finds the runs of base64 and of hexadecimal digits in a content, where something packed may be inside. */
export function codedRuns(content: Buffer): string[] {
  return content.toString("latin1").match(new RegExp(String.raw`[\w+/-]{${codedMinLength},}`, "g")) ?? [];
}

/** Decodes a run, from each of the places where a group may begin. */
export function decoded(run: string): Unpacked[] {
  const base64 = [0, 1, 2, 3].map((skip) => ({ how: "base64", bytes: Buffer.from(run.slice(skip), "base64") }));
  const digits = /[\da-f]{24,}/i.exec(run)?.[0];
  return digits === undefined ? base64 : [...base64, { how: "hex", bytes: Buffer.from(digits, "hex") }];
}

/** Behind a plain header the stream is read as raw deflate, because Node refuses a gzip stream that something follows. */
function gunzipped(content: Buffer, at: number): Unpacked[] {
  const hasPlainHeader = content[at + 3] === 0;
  return hasPlainHeader ? tried("gzip", inflateRawSync, content, at + 10) : tried("gzip", gunzipSync, content, at);
}

function tried(
  how: string,
  read: (bytes: Buffer, options: typeof cut) => Buffer,
  from: Buffer,
  at: number,
): Unpacked[] {
  try {
    const bytes = read(from.subarray(at, at + packedMaxBytes), cut);
    return bytes.length === 0 ? [] : [{ how, bytes }];
  } catch {
    // Not a stream, only bytes like the beginning of one.
    return [];
  }
}
