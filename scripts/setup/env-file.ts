import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseEnv } from "node:util";

/** Reads a file of `NAME=value` lines; nothing for a file that is not there. */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new Error(`Cannot read ${path}: ${error.code}`, { cause: error });
  });
  return Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
}

/**
 * Writes a file that only its user can read, by a rename, so that a crash leaves the old one.
 *
 * @throws when a value would be read differently by Node, Docker, compose or wrangler; the message has the name only
 */
export async function writeEnvFile(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => {
    if (/[\s'"`#\\$]/.test(value)) {
      throw new Error(
        `Cannot write ${name}: its value has a blank, a quote, a backslash, # or $; in a URL, write it as %XX`,
      );
    }
    return `${name}=${value}\n`;
  });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, lines.join(""), { mode: 0o600 });
  // A file of that name that a crash left keeps its mode when it is written again.
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}
