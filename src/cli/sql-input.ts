import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Reads all of stdin as text. */
export async function readStdin({ stdin }: Pick<Terminal, "stdin">): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

/** Reads a file below the current folder. @throws UsageError when it cannot be read */
export async function readText({ cwd }: Pick<Terminal, "cwd">, file: string): Promise<string> {
  return readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new UsageError(`Cannot read ${file}: ${code}`);
  });
}

/**
 * Returns the query of a command: its argument, a file, or stdin for `-` and when something is piped in.
 *
 * @throws UsageError when there is none, or more than one
 */
export async function readQuery(terminal: Terminal, argument?: string, file?: string): Promise<string> {
  if (argument !== undefined && file !== undefined) throw new UsageError("Give the query or --file, not both");
  if (file !== undefined && file !== "-") return readText(terminal, file);
  if (argument !== undefined && argument !== "-") return argument;
  if (argument === undefined && file === undefined && terminal.stdin.isTTY)
    throw new UsageError("Give a query, --file FILE, or - to read it from stdin");
  const text = await readStdin(terminal);
  if (text.trim() === "") throw new UsageError("There is no query: stdin is empty");
  return text;
}
