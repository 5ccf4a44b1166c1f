import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { freePort } from "../../dev/stack/ports.ts";
import { isAlive } from "../../dev/stack/process-table.ts";
import { findRedisProgram } from "../../dev/stand-ins/redis-program.ts";
import { openRedis } from "../../dev/stand-ins/redis.ts";
import { tempDir } from "../support/temp-dir.ts";

async function folderWith(programs: Readonly<Record<string, string>>): Promise<string> {
  const dir = await tempDir();
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(dir, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(dir, name), 0o755);
  }
  return dir;
}

const silent = () => undefined;

test("findRedisProgram() takes the first redis-server or valkey-server on PATH", async () => {
  const none = await folderWith({});
  const valkey = await folderWith({ "valkey-server": "exit 0" });
  const redis = await folderWith({ "redis-server": "exit 0" });
  const path = [none, valkey, redis].join(delimiter);
  expect(await findRedisProgram(silent, path)).toBe(join(valkey, "valkey-server"));
});

test("findRedisProgram() installs redis-server with the package manager, asking for no password", async () => {
  const target = await folderWith({});
  // A package manager that notes how it was called and puts a program on PATH.
  const install = `echo "$@" >> ${target}/calls; [ "$1" = update ] || { cp /bin/true ${target}/redis-server; }`;
  const manager = await folderWith({ "apt-get": install, sudo: `[ "$1" = -n ] || exit 1; shift; exec "$@"` });
  const said: string[] = [];
  const program = await findRedisProgram((line) => said.push(line), [target, manager].join(delimiter));
  expect(program).toBe(join(target, "redis-server"));
  expect(await readFile(join(target, "calls"), "utf8")).toBe(
    "update\ninstall -y --no-install-recommends redis-server\n",
  );
  expect(said).toEqual(["There is no Redis; installing redis-server with the system's package manager"]);
});

test("findRedisProgram() says in one line what to do when nothing can be installed", async () => {
  const failing = await folderWith({ "apt-get": "exit 100", sudo: "exit 1" });
  await expect(findRedisProgram(silent, failing)).rejects.toThrow(
    "Cannot start Redis: install redis-server (or valkey-server), or set REDIS_URL to a running one",
  );
});

test("openRedis() starts an empty server that only this user can reach, and ends it", async () => {
  const redis = await openRedis();
  const client = new Redis(redis.url);
  expect(await client.dbsize()).toBe(0);
  expect(await client.config("GET", "bind")).toEqual(["bind", "127.0.0.1"]);
  client.disconnect();
  await redis.close();
  expect(await isAlive(redis.pid ?? 0)).toBe(false);
});

test("openRedis() uses a running Redis as it is, and leaves it running", async () => {
  const theirs = await openRedis({ port: await freePort() });
  const client = new Redis(theirs.url);
  await client.set("theirs", "1");
  const ours = await openRedis({ redisUrl: theirs.url });
  await ours.close();
  expect(ours).toMatchObject({ url: theirs.url });
  expect(await client.get("theirs")).toBe("1");
  client.disconnect();
  await theirs.close();
});
