import type { Readable, Writable } from "node:stream";

/** A stream that may be a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** What a command sees of its surroundings. */
export type Terminal = {
  stdin: Readable & { isTTY?: boolean };
  /** Data only. */
  stdout: Output;
  /** Everything for a person: status, questions, errors. */
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Calls `listener` at each Ctrl-C; returns a function that ends that. */
  onInterrupt(listener: () => void): () => void;
};

/** Writes text, and waits while the reader is behind. */
export function write(output: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes one line for a person. */
export function say({ stderr }: Pick<Terminal, "stderr">, line: string): Promise<void> {
  return write(stderr, `${line}\n`);
}
