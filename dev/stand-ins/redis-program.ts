import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const names = ["redis-server", "valkey-server"];
const installMs = 180_000;

/**
 * Finds a Redis server program; installs one if there is none and the system's package manager needs no password.
 *
 * @param say called before anything is installed
 * @returns the program's path
 * @throws with one line of advice when there is none and none can be installed
 */
export async function findRedisProgram(say: (line: string) => void, path = process.env["PATH"] ?? ""): Promise<string> {
  const found = await onPath(names, path);
  if (found !== undefined) return found;
  const installed = (await install(say, path)) ? await onPath(names, path) : undefined;
  if (installed !== undefined) return installed;
  throw new Error("Cannot start Redis: install redis-server (or valkey-server), or set REDIS_URL to a running one");
}

async function onPath(programs: string[], path: string): Promise<string | undefined> {
  for (const dir of path.split(delimiter).filter(Boolean)) {
    for (const name of programs) {
      const candidate = join(dir, name);
      const isThere = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return candidate;
    }
  }
  return undefined;
}

async function install(say: (line: string) => void, path: string): Promise<boolean> {
  const apt = await onPath(["apt-get"], path);
  const brew = await onPath(["brew"], path);
  const sudo = await onPath(["sudo"], path);
  const prefix = process.getuid?.() === 0 || sudo === undefined ? [] : [sudo, "-n"];
  const commands =
    apt !== undefined
      ? [
          [...prefix, apt, "update"],
          [...prefix, apt, "install", "-y", "--no-install-recommends", "redis-server"],
        ]
      : brew !== undefined
        ? [[brew, "install", "redis"]]
        : [];
  if (commands.length > 0) say("There is no Redis; installing redis-server with the system's package manager");
  for (const [program = "", ...words] of commands) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const isDone = await run(program, words, { timeout: installMs, env }).then(
      () => true,
      () => false,
    );
    if (!isDone) return false;
  }
  return commands.length > 0;
}
