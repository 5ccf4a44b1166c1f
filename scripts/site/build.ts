import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, removeFile, writeIfChanged } from "./files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the static files are; wrangler.toml names it too. */
export const siteDir = "dist/site";

/** Everything the site is made from. */
const sources = [
  "src/api",
  "src/protocol",
  "src/lang",
  "src/client",
  "src/async",
  "src/sql",
  "console",
  "site",
  "scripts/site",
  "scripts/package",
  "package-lock.json",
];

type Manifest = { sources: string; files: string[] };

/**
 * Makes the static files that the Worker serves, if their sources have changed or a file is missing. The folder is never
 * emptied, because `wrangler dev` loses one that is; files that are no longer made are removed one by one.
 *
 * @param to another folder, for tests
 */
export async function buildSite(to: string = join(root, siteDir)): Promise<{ isNew: boolean; files: number }> {
  // Beside the folder, because everything in it is served.
  const manifestPath = `${to}.json`;
  const [before, hash] = await Promise.all([readManifest(manifestPath), hashOf(root, sources)]);
  if (before?.sources === hash && (await haveAll(to, before.files)))
    return { isNew: false, files: before.files.length };
  // Only now: a build that has nothing to do should not load the makers.
  const { siteFiles } = await import("./site-files.ts");
  const made = await siteFiles(root);
  for (const [path, content] of made) await writeIfChanged(join(to, path), content);
  const files = [...made.keys()];
  const stale = before?.files.filter((path) => !made.has(path)) ?? [];
  for (const path of stale) await removeFile(join(to, path));
  const manifest: Manifest = { sources: hash, files };
  await writeIfChanged(manifestPath, JSON.stringify(manifest));
  return { isNew: true, files: files.length };
}

async function readManifest(manifestPath: string): Promise<Manifest | undefined> {
  const text = await readFile(manifestPath, "utf8").catch(() => undefined);
  // Only this file writes it, as a whole.
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}

async function haveAll(to: string, files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((path) => stat(join(to, path)).catch(() => undefined)));
  return found.every((it) => it !== undefined);
}
