import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const goneMs = 3000;
const goneCheckMs = 20;

/** Every process of a stack carries the stack's id in this variable, so that strays are found whoever their parent is. */
export const stackIdVariable = "SQE_DEV_STACK_ID";

/** Tells whether a process lives; one that ended and waits for its parent does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const stat = await readStat(pid);
  return stat === undefined || !/^[ZX]$/.test(stat[0] ?? "");
}

/** A process and what tells it from a later one with the same id; no birth where /proc is absent. */
export type Identity = { pid: number; birth?: string | undefined };

/** Tells who a process is. */
export async function identify(pid: number): Promise<Identity> {
  const birth = await birthOf(pid);
  return birth === undefined ? { pid } : { pid, birth };
}

/** Tells whether a process still lives and is no later one with the same id. */
export async function isStill({ pid, birth }: Identity): Promise<boolean> {
  return (await isAlive(pid)) && (await birthOf(pid)) === birth;
}

async function birthOf(pid: number): Promise<string | undefined> {
  return (await readStat(pid))?.[19];
}

/** Lists the living processes that carry a stack's id; empty where /proc is absent. */
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

/** Ends every process that carries a stack's id, and waits until they are gone and their ports free. */
export async function endProcessesOf(stackId: string): Promise<void> {
  const until = Date.now() + goneMs;
  for (let left = await processesOf(stackId); left.length > 0; left = await processesOf(stackId)) {
    if (Date.now() > until) throw new Error(`Cannot end processes ${left.join(", ")} of an earlier stack`);
    for (const pid of left) send(pid, "SIGKILL");
    await sleep(goneCheckMs);
  }
}

/** Sends a signal to a process group: the leader and all it started, also when the leader is gone already. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone already: that is what we wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Fields of /proc/<pid>/stat from the state on; the name before may hold blanks and brackets. */
async function readStat(pid: number): Promise<string[] | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line?.slice(line.lastIndexOf(")") + 2).split(" ");
}
