import { readdir } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { once, restartRedis } from "../../bench/chaos/restart-redis.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { openSupervisor } from "../../dev/stack/supervisor.ts";
import { findRedisProgram } from "../../dev/stand-ins/redis-program.ts";
import { redisAnswers, redisWords } from "../../dev/stand-ins/redis.ts";
import { tempDir } from "../support/temp-dir.ts";

test("restartRedis() has a supervised Redis come back with its data, and leaves nothing for the next to find", async () => {
  const [dir, logsDir, port] = [await tempDir(), await tempDir(), await freePort()];
  const supervisor = openSupervisor({
    logsDir,
    restarts: true,
    say: () => undefined,
    onGroups: () => undefined,
    onRestart: () => Promise.resolve(),
  });
  onTestFinished(() => supervisor.stop());
  const program = await findRedisProgram(() => undefined);
  const words = redisWords(port, dir);
  await supervisor.start({
    name: "redis",
    program,
    words,
    env: {},
    hasChannel: false,
    isReady: (child) => redisAnswers(port, child),
  });
  const [url, first] = [`redis://127.0.0.1:${port}`, supervisor.pidOf("redis")];
  await once(url, (redis) => redis.set("a", "1"));
  const back = await restartRedis(url, dir);
  await back?.();
  expect(supervisor.pidOf("redis")).not.toBe(first);
  expect(await once(url, (redis) => redis.get("a"))).toBe("1");
  expect(await readdir(dir)).toEqual([]);
});

test("restartRedis() has nothing to restart where no Redis is", async () => {
  expect(await restartRedis(`redis://127.0.0.1:${await freePort()}`, await tempDir())).toBeUndefined();
});
