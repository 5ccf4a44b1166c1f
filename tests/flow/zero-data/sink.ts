/** One thing that was read in a sink: a value, a row, a file, an answer. `place` says where it is. */
export type Entry = {
  sink: string;
  place: string;
  content: Buffer;
  /** A large file in a format of its own: what is coded in it is not decoded, only what is packed is unpacked. */
  isRaw?: true;
};

/** Makes an entry of a text. */
export function entryOf(sink: string, place: string, text: string): Entry {
  return { sink, place, content: Buffer.from(text) };
}
