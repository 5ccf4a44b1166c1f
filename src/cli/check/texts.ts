import { isAbsolute, resolve } from "node:path";
import { glob } from "tinyglobby";
import { UsageError } from "../exit-code.ts";
import { readStdin, readText } from "../sql-input.ts";
import type { Terminal } from "../terminal.ts";

/** A text to check, by its file if it has one. */
export type CheckedText = { file: string; sql: string; isFile: boolean };

/** How a text without a file is called in a message. */
const unnamed = "query";

/**
 * Returns the texts to check: the files that the arguments name, also by patterns with `*` and `**`; or one query; or stdin, for
 * `-` and for no argument.
 *
 * @throws UsageError when nothing is named, or a pattern fits no file
 */
export async function textsToCheck(terminal: Terminal, names: readonly string[]): Promise<CheckedText[]> {
  const [first, ...others] = names;
  if (first === undefined && terminal.stdin.isTTY) throw new UsageError("Give a query, files, or - to read stdin");
  if (first === undefined || (first === "-" && others.length === 0))
    return [{ file: unnamed, sql: await readStdin(terminal), isFile: false }];
  if (others.length === 0 && isQuery(first)) return [{ file: unnamed, sql: first, isFile: false }];
  const files = (await Promise.all(names.map((name) => filesOf(terminal, name)))).flat();
  const unique = [...new Set(files)].sort();
  return Promise.all(unique.map(async (file) => ({ file, sql: await readText(terminal, file), isFile: true })));
}

/** A query has a blank, and no name of a SQL file ends it. */
function isQuery(text: string): boolean {
  return /\s/.test(text.trim()) && !/\.sql$/i.test(text);
}

async function filesOf({ cwd }: Terminal, name: string): Promise<string[]> {
  if (!/[*?[\]{}!]/.test(name)) return [name];
  const pattern = name.replaceAll("\\", "/");
  const found = await glob([pattern], { cwd, onlyFiles: true, dot: false, expandDirectories: false });
  if (found.length === 0) throw new UsageError(`No file fits ${name}`);
  return isAbsolute(name) ? found.map((file) => resolve(cwd, file)) : found;
}
