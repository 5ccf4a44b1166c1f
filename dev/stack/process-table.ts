import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const goneMs = 3000;
const goneCheckMs = 20;

/** Every process of a stack has the stack's id in this variable, so that strays are found whatever their parent. */
export const stackIdVariable = "SQE_DEV_STACK_ID";

/** The limits of a stack on a system without /proc, such as macOS, in one line; undefined where /proc exists. */
export function limitsWithoutProc(hasProc = existsSync("/proc/self/stat")): string | undefined {
  if (hasProc) return undefined;
  return "No /proc here: the stack finds only processes whose ids it has, and may not notice that npm was killed";
}

/** Whether a process runs; a zombie does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const stat = await readStat(pid);
  return stat === undefined || !/^[ZX]$/.test(stat[0] ?? "");
}

/** A process and its start time, which distinguishes it from a later one with the same id; absent without /proc. */
export type Identity = { pid: number; birth?: string | undefined };

/** Returns the identity of a process. */
export async function identify(pid: number): Promise<Identity> {
  const birth = await birthOf(pid);
  return birth === undefined ? { pid } : { pid, birth };
}

/** Whether a process still runs, and is not a later one with the same id. */
export async function isStill({ pid, birth }: Identity): Promise<boolean> {
  return (await isAlive(pid)) && (await birthOf(pid)) === birth;
}

async function birthOf(pid: number): Promise<string | undefined> {
  return (await readStat(pid))?.[19];
}

/** Lists the running processes that have a stack's id; empty without /proc. */
export async function processesOf(stackId: string): Promise<number[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const isOurs = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return environment.split("\0").includes(`${stackIdVariable}=${stackId}`);
    }),
  );
  return pids.filter((_pid, index) => isOurs[index]);
}

/** Kills every process that has a stack's id, and waits until they are gone and their ports free. */
export async function endProcessesOf(stackId: string): Promise<void> {
  const until = Date.now() + goneMs;
  for (let left = await processesOf(stackId); left.length > 0; left = await processesOf(stackId)) {
    if (Date.now() > until) throw new Error(`Cannot end processes ${left.join(", ")} of an earlier stack`);
    for (const pid of left) send(pid, "SIGKILL");
    await sleep(goneCheckMs);
  }
}

/** Signals a process group: the leader and everything it started, even when the leader is gone already. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It is gone already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Fields of /proc/<pid>/stat from the state on; the name before it may contain blanks and parentheses. */
async function readStat(pid: number): Promise<string[] | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line?.slice(line.lastIndexOf(")") + 2).split(" ");
}
