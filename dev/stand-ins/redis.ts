import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../stack/ports.ts";
import { findRedisProgram } from "./redis-program.ts";

export type RunningRedis = {
  /** `redis://127.0.0.1:<port>`, or REDIS_URL as it was given. */
  url: string;
  /** Absent when the Redis was there already. */
  pid?: number;
  close(): Promise<void>;
};

const startMs = 10_000;

/** Arguments of a Redis server that only this machine can reach; it keeps nothing on disk unless `isPersistent`. */
export function redisWords(port: number, dir: string, isPersistent = false): string[] {
  const keep = isPersistent ? ["--appendonly", "yes"] : ["--appendonly", "no", "--save", ""];
  return ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--daemonize", "no", ...keep];
}

/**
 * Opens a Redis: the one at `redisUrl`, which is never emptied, or else a new server with an empty database.
 *
 * @throws when there is no server program and none can be installed, or it does not answer within 10 s
 */
export async function openRedis(options: { redisUrl?: string; port?: number } = {}): Promise<RunningRedis> {
  if (options.redisUrl !== undefined) return { url: options.redisUrl, close: () => Promise.resolve() };
  const program = await findRedisProgram((line) => console.error(line));
  const port = options.port ?? (await freePort());
  const dir = await mkdtemp(join(tmpdir(), "sqe-redis-"));
  const child = spawn(program, redisWords(port, dir), { stdio: "ignore" });
  await redisAnswers(port, child);
  return {
    url: `redis://127.0.0.1:${port}`,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Waits until a Redis we started answers PING.
 *
 * @throws when it ended, or does not answer within 10 s
 */
export async function redisAnswers(port: number, child: ChildProcess): Promise<void> {
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const until = Date.now() + startMs;
  while (!(await Promise.race([failed, isAnswering(port)]))) {
    if (child.exitCode !== null) throw new Error(`Cannot start Redis on port ${port}: it ended with ${child.exitCode}`);
    if (Date.now() > until) throw new Error(`Cannot start Redis on port ${port}: no answer within ${startMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const settle = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once("error", () => settle(false));
    socket.once("data", (data) => settle(data.toString().startsWith("+PONG")));
  });
}
