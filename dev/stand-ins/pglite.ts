import { openAsBlob } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { writeIfChanged } from "../../scripts/site/files.ts";

const kept = fileURLToPath(new URL("../../dist", import.meta.url));
const packageDir = dirname(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")));

/**
 * Opens PGlite. A new database begins as a copy of an empty one, because PGlite takes three seconds of the processor's time
 * to make that.
 *
 * @param dataDir the folder of the database; absent: in memory
 */
export async function openPglite(dataDir?: string): Promise<PGlite> {
  const place = dataDir === undefined ? {} : { dataDir };
  const isThere = dataDir !== undefined && (await exists(join(dataDir, "PG_VERSION")));
  return PGlite.create(isThere ? place : { ...place, loadDataDir: await openAsBlob(await keepEmptyDatabase()) });
}

/** Makes the empty database of the package's version, unless a former call has. @returns its file */
export async function keepEmptyDatabase(): Promise<string> {
  // The package's own description of itself.
  const { version } = JSON.parse(await readFile(join(packageDir, "package.json"), "utf8")) as { version: string };
  const file = join(kept, `postgres-${version}.tar`);
  if (await exists(file)) return file;
  const db = await PGlite.create();
  const made = await db.dumpDataDir("none");
  await db.close();
  await writeIfChanged(file, await made.bytes());
  return file;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
