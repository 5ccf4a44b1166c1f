import { chmod, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "./stack-files.ts";

const mark = "# Written by `npm run dev` for its stack.\n";

/**
 * Copies the Worker's variables of a running stack to `.dev.vars`, so that a bare `npx wrangler dev` finds them too. A file
 * of another origin stays as it is.
 *
 * @param dir the stack's folder
 */
export async function writeDevVars(
  dir: string,
  path: string = fileURLToPath(new URL("../../.dev.vars", import.meta.url)),
): Promise<void> {
  const known = await readFile(path, "utf8").catch(() => undefined);
  if (known !== undefined && !known.startsWith(mark)) return;
  await writeFile(path, mark + (await readEnvironment(dir, "worker")), { mode: 0o600 });
  // A file that was there keeps its mode when it is written again.
  await chmod(path, 0o600);
}
