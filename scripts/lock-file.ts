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
  // Just proven; zod's copy would have the known fields first.
  return lock as Lock;
}

/** An optional dependency the lock has no package for. */
export type Missing = { name: string; range: string; of: string; isDev: boolean };

/** Lists the optional dependencies that no package of the lock can serve. */
export function missingOptional({ packages }: Lock): Missing[] {
  return Object.entries(packages).flatMap(([of, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !foldersFrom(of).some((folder) => packages[`${folder}${name}`] !== undefined))
      .map(([name, range]) => ({ name, range, of, isDev: dev })),
  );
}

/**
 * Adds what is missing, for platforms the lock was not made on.
 *
 * @returns a new lock; what was added and what could not be, as `name version`
 */
export function completeLock(lock: Lock): { lock: Lock; added: string[]; unclear: string[] } {
  const packages = { ...lock.packages };
  const added: string[] = [];
  const unclear: string[] = [];
  for (const { name, range, of, isDev } of missingOptional(lock)) {
    const platform = platformOf(name);
    // Of `^1.2.3`, `~1.2.3` and `>=1.2.3` the first version that fits.
    const [, version] = /^(?:\^|~|>=)?\s*(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/.exec(range) ?? [];
    const top = packages[`node_modules/${name}`];
    if (platform === undefined || version === undefined) {
      unclear.push(`${name} ${range}`);
      continue;
    }
    // Another package may have put the same one there a moment ago; a different version stands beside its user.
    if (top?.version === version) continue;
    const folder = top === undefined ? "node_modules/" : `${of}/node_modules/`;
    packages[`${folder}${name}`] = { version, ...(isDev ? { dev: true } : {}), optional: true, ...platform };
    added.push(`${name} ${version}`);
  }
  return { lock: { ...lock, packages: sortByFolder(packages) }, added, unclear };
}

/** The `node_modules/` folders Node looks into from a package's folder, nearest first. */
function foldersFrom(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split(/\/(?=node_modules\/)/);
  return Array.from({ length: parts.length + 1 }, (_none, up) => {
    const kept = parts.slice(0, parts.length - up).join("/");
    return kept === "" ? "node_modules/" : `${kept}/node_modules/`;
  });
}

function sortByFolder(packages: Lock["packages"]): Lock["packages"] {
  // Code units, not a language's order: so npm does.
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
