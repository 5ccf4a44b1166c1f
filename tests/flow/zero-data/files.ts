import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { entryOf, type Entry } from "./sink.ts";

/** What the files of a stack's folder are, by their path in it; the first that fits. */
const sinks: readonly [RegExp, string][] = [
  [/^logs\/bridge/, "log of the bridge"],
  [/^logs\/edge/, "log of the edge"],
  [/^logs\/sandbox/, "log of the sandbox"],
  [/^logs\//, "other logs"],
  [/^postgres\//, "Postgres files"],
  [/^edge\/storage\//, "objects' files"],
];

/** Reads all files of a folder, whatever they are; those of a stack's own folder by what they are. */
export async function readFiles(dir: string, otherwise: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const path of await filesIn(dir)) {
    const place = relative(dir, path);
    const sink = sinks.find(([form]) => form.test(place))?.[1] ?? otherwise;
    // A socket, or a file that was there for a moment only.
    const content = await readFile(path).catch(() => undefined);
    if (content === undefined) continue;
    const isRaw = sink === "Postgres files" || sink === "objects' files";
    entries.push({ sink, place, content, ...(isRaw && { isRaw }) });
  }
  return entries;
}

/** Reads every cell of every SQLite database below a folder, from copies. */
export async function readSqlite(dir: string): Promise<Entry[]> {
  const copies = await mkdtemp(join(tmpdir(), "sqe-copies-"));
  try {
    const paths = (await filesIn(dir)).filter((path) => path.endsWith(".sqlite"));
    const perFile = paths.map(async (path, index) => {
      const copy = join(copies, `${index}.sqlite`);
      for (const suffix of ["", "-wal"]) await copyFile(path + suffix, copy + suffix).catch(() => undefined);
      return cellsOf(copy, basename(path).slice(0, 8));
    });
    return (await Promise.all(perFile)).flat();
  } finally {
    await rm(copies, { recursive: true, force: true });
  }
}

function cellsOf(path: string, name: string): Entry[] {
  const database = new DatabaseSync(path);
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    return tables.flatMap((table) => {
      const tableName = String(table["name"]);
      const all = database.prepare(`select * from "${tableName}"`);
      // Times are in nanoseconds.
      all.setReadBigInts(true);
      const cells = all.all().flatMap((row) => Object.entries(row));
      return cells.map(([column, cell]) => cellEntry(`${name} ${tableName}.${column}`, cell));
    });
  } finally {
    database.close();
  }
}

function cellEntry(place: string, cell: unknown): Entry {
  const sink = "objects' SQLite";
  return cell instanceof Uint8Array ? { sink, place, content: Buffer.from(cell) } : entryOf(sink, place, String(cell));
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
