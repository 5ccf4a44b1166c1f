import { z } from "zod";
import { platformOf } from "./platform.ts";

const LockedPackage = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  resolved: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

const Lock = z.looseObject({ packages: z.record(z.string(), LockedPackage) });
/** npm's package-lock.json, version 3: packages by the folder they are installed in. */
export type Lock = z.infer<typeof Lock>;

/** Reads a lock; its fields stay in the order npm gave them. */
export function readLock(text: string): Lock {
  const lock: unknown = JSON.parse(text);
  Lock.parse(lock);
  // Checked above; zod's copy would have the known fields first.
  return lock as Lock;
}

/** An optional dependency that has no package in the lock. */
export type Missing = { name: string; range: string; of: string; isDev: boolean };

/** Lists the optional dependencies that have no package in the lock. */
export function missingOptional({ packages }: Lock): Missing[] {
  return Object.entries(packages).flatMap(([of, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !foldersFrom(of).some((folder) => packages[`${folder}${name}`] !== undefined))
      .map(([name, range]) => ({ name, range, of, isDev: dev })),
  );
}

/**
 * Adds missing packages, for other platforms than the lock was made on.
 *
 * @returns a new lock; what was added and what could not be, as `name version`
 */
export function completeLock(lock: Lock): { lock: Lock; added: string[]; unclear: string[] } {
  const packages = { ...lock.packages };
  const added: string[] = [];
  const unclear: string[] = [];
  for (const { name, range, of, isDev } of missingOptional(lock)) {
    const platform = platformOf(name);
    // The lowest version of `^1.2.3`, `~1.2.3` or `>=1.2.3`.
    const [, version] = /^(?:\^|~|>=)?\s*(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/.exec(range) ?? [];
    const top = packages[`node_modules/${name}`];
    if (platform === undefined || version === undefined) {
      unclear.push(`${name} ${range}`);
      continue;
    }
    // An earlier package of this loop may have added it; another version goes into its user's folder.
    if (top?.version === version) continue;
    const folder = top === undefined ? "node_modules/" : `${of}/node_modules/`;
    packages[`${folder}${name}`] = { version, ...(isDev ? { dev: true } : {}), optional: true, ...platform };
    added.push(`${name} ${version}`);
  }
  return { lock: { ...lock, packages: sortByFolder(packages) }, added, unclear };
}

/** The `node_modules/` folders where Node looks from a package's folder, nearest first. */
function foldersFrom(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split(/\/(?=node_modules\/)/);
  return Array.from({ length: parts.length + 1 }, (_none, up) => {
    const kept = parts.slice(0, parts.length - up).join("/");
    return kept === "" ? "node_modules/" : `${kept}/node_modules/`;
  });
}

function sortByFolder(packages: Lock["packages"]): Lock["packages"] {
  // By code units, as npm does, not by a language's order.
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
