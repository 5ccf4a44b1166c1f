import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, writeIfChanged } from "../site/files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the command is that `bin/sqe.js` starts. */
export const commandDir = "dist/command";

const sources = [
  "src/cli",
  "src/client",
  "src/async",
  "src/lang",
  "src/sql",
  "scripts/package",
  "package.json",
  "package-lock.json",
];

/** Builds the command `sqe`, if its sources have changed. @param to another folder, for tests */
export async function buildCommand(to: string = join(root, commandDir)): Promise<{ isNew: boolean }> {
  const record = join(to, "sources");
  const [before, hash] = await Promise.all([readFile(record, "utf8").catch(() => undefined), hashOf(root, sources)]);
  const isThere = await stat(join(to, "cli.js")).then(
    () => true,
    () => false,
  );
  if (isThere && before === hash) return { isNew: false };
  // Only now: a build that has nothing to do should not load the bundler.
  const { bundleCommand } = await import("./build.ts");
  await bundleCommand(to);
  await writeIfChanged(record, hash);
  return { isNew: true };
}
