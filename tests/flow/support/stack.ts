import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePortBase } from "../../../dev/stack/ports.ts";
import { isAlive, processesOf } from "../../../dev/stack/process-table.ts";
import { readOwner, readStackFile, type SandboxStackFile, type StackFile } from "../../../dev/stack/stack-files.ts";
import { openStack } from "../../../dev/stack/stack.ts";

type PartWithPid = "bridge" | "edge" | "sandbox" | "redis";

/** A stack that several test files may work on. */
export type SharedStack = SandboxStackFile & {
  /** The stack's folder: stack.json, logs and all state. */
  dir: string;
  /** Ends a part and waits until stack.json names its successor. */
  restart(part: PartWithPid): Promise<void>;
};

/** A stack of one test file. */
export type TestStack = SharedStack & {
  /** What stack.json says now; the fields beside it are those of the start. */
  now(): SandboxStackFile;
  /** Ends a part with SIGKILL; it is started again unless SQE_DEV_RESTART is 0. Returns the pid that ended. */
  kill(part: PartWithPid): number;
  /** Ends the stack and removes its folder. @throws when it leaves a process behind */
  stop(): Promise<void>;
};

const restartMs = 20_000;

/**
 * Starts a whole stack of real processes on free ports in a folder of its own.
 *
 * @param env settings for this stack, such as `{ SQE_TIME_SCALE: "60" }`; nothing of the caller's SQE_ variables is taken
 */
export async function startStack(env: Readonly<Record<string, string>> = {}): Promise<TestStack> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-stack-"));
  const { PATH, HOME, TMPDIR, REDIS_URL } = process.env;
  const caller = { PATH, HOME, TMPDIR, REDIS_URL, ...env };
  const stack = await openStack({ dir, portBase: await freePortBase(), env: caller });
  return {
    ...sharedStack(dir, stack.file()),
    now: () => stack.file(),
    kill: (part) => kill(part, stack.file()),
    stop: async () => {
      const { stackId = "" } = (await readOwner(dir)) ?? {};
      const { redisPid } = stack.file();
      await stack.stop();
      // Redis overwrites its environment, which identifies the others.
      const isRedisLeft = redisPid !== undefined && (await isAlive(redisPid));
      const left = [...(await processesOf(stackId)), ...(isRedisLeft ? [redisPid] : [])];
      await rm(dir, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`The stack left processes ${left.join(", ")} behind`);
    },
  };
}

/** A running stack, as those see it who do not own it. */
export function sharedStack(dir: string, file: SandboxStackFile): SharedStack {
  return {
    ...file,
    dir,
    async restart(part) {
      const before = kill(part, await readStackFile(dir));
      const until = Date.now() + restartMs;
      for (;;) {
        const pid = (await readStackFile(dir))?.[`${part}Pid`];
        if (pid !== undefined && pid !== before) return;
        if (Date.now() > until) throw new Error(`Cannot restart ${part}: not back after ${restartMs} ms`);
        await sleep(20);
      }
    },
  };
}

function kill(part: PartWithPid, file: StackFile | undefined): number {
  const pid = file?.[`${part}Pid`];
  if (pid === undefined) throw new Error(`Cannot kill ${part}: it does not run`);
  process.kill(pid, "SIGKILL");
  return pid;
}
