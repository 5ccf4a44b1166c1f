import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import process from "node:process";
import { readJson } from "#lang/json.ts";
import { UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** A key that `sqe login` got: it works in one business unit. */
export type KeptKey = { mid: number; keyId: string; key: string; expiresAt: string };

/** One person at one engine, with a key for each business unit that was signed in to. */
export type Profile = {
  url: string;
  userId: string;
  /** The business unit that commands work in. */
  mid: number;
  keys: readonly KeptKey[];
};

type Env = Pick<Terminal, "env">;

/** The profile that is meant when none is named. */
const usual = "default";

/** Which profile a command was told to use: by `--profile` or SQE_PROFILE. */
export function namedProfile({ env }: Env, option: string | undefined): string | undefined {
  return option ?? (env["SQE_PROFILE"]?.trim() || undefined);
}

/** The profile of a command: the named one, else the usual one. */
export function profileName(terminal: Env, option: string | undefined): string {
  return namedProfile(terminal, option) ?? usual;
}

/** Reads a profile. @throws UsageError when the file has another shape */
export function readProfile(terminal: Env, name: string): Profile | undefined {
  const path = configPath(terminal);
  return path === undefined ? undefined : readAll(path).get(name);
}

/** Writes a profile, or removes it. @throws UsageError when there is no place for the file */
export function saveProfile(terminal: Env, name: string, profile: Profile | undefined): void {
  const path = pathOfProfiles(terminal);
  const all = readAll(path);
  if (profile === undefined) all.delete(name);
  else all.set(name, profile);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // A new file, renamed: nobody reads half of it, and one that others could read becomes private.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify({ profiles: Object.fromEntries(all) }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, path);
}

/** Where profiles are kept. @throws UsageError when there is no place */
export function pathOfProfiles(terminal: Env): string {
  const path = configPath(terminal);
  if (path === undefined) throw new UsageError("There is no place to keep a key: set XDG_CONFIG_HOME or HOME");
  return path;
}

/** `$XDG_CONFIG_HOME/sqe/config.json`, by default below `~/.config`. */
function configPath({ env }: Env): string | undefined {
  const own = env["XDG_CONFIG_HOME"];
  const home = env["HOME"] || env["USERPROFILE"];
  // The specification of these folders has relative ones ignored.
  const dir = own && isAbsolute(own) ? own : home && join(home, ".config");
  return dir ? join(dir, "sqe", "config.json") : undefined;
}

function readAll(path: string): Map<string, Profile> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new UsageError(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const file = readJson(text) as { profiles?: Record<string, Profile> } | undefined;
  const all = Object.entries(file?.profiles ?? {});
  if (file?.profiles === undefined || !all.every(([, profile]) => isProfile(profile)))
    throw new UsageError(`${path} is no file of profiles; remove it and sign in again`);
  return new Map(all);
}

/** People may have written into the file. */
function isProfile(value: Partial<Profile> | null): value is Profile {
  const { url, userId, mid, keys } = value ?? {};
  const isKey = (it: Partial<KeptKey> | null) =>
    typeof it?.key === "string" && typeof it.keyId === "string" && typeof it.mid === "number";
  const isPlace = typeof url === "string" && URL.canParse(url) && typeof userId === "string";
  return isPlace && typeof mid === "number" && Array.isArray(keys) && keys.every(isKey);
}
