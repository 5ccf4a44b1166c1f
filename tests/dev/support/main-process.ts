import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { freePortBase } from "../../../dev/stack/ports.ts";
import { processesOf } from "../../../dev/stack/process-table.ts";
import { withoutTenant } from "../../../dev/tenant/variables.ts";
import { readOwner, readStackFile, type StackFile } from "../../../dev/stack/stack-files.ts";

export type Place = { dir: string; portBase: number };

/** A stack as people start it: `node dev/main.ts` with a folder and a port base. */
export type MainProcess = {
  dir: string;
  process: ChildProcess;
  stackId: string;
  /** Everything it has printed so far. */
  printed(): string;
  /** What stack.json says now. */
  file(): Promise<StackFile>;
};

const program = fileURLToPath(new URL("../../../dev/main.ts", import.meta.url));
const startMs = 120_000;
const started: { process: ChildProcess; dir: string }[] = [];

/** Returns an unused folder and free ports. */
export async function freePlace(): Promise<Place> {
  return { dir: await mkdtemp(join(tmpdir(), "sqe-dev-")), portBase: await freePortBase() };
}

/**
 * Starts a stack and waits until it is up.
 *
 * @param settings such as the variables of a tenant; nothing else of the developer's `.env` is taken
 * @throws what it printed, when it ends instead
 */
export async function startMain(
  { dir, portBase }: Place,
  settings: Readonly<Record<string, string>> = withoutTenant,
): Promise<MainProcess> {
  const { PATH, HOME, REDIS_URL } = process.env;
  const env = { PATH, HOME, REDIS_URL, SQE_DEV_DIR: dir, PORT_BASE: String(portBase), ...settings };
  const child = spawn(process.execPath, ["--no-warnings", program], { env, stdio: ["ignore", "pipe", "pipe"] });
  started.push({ process: child, dir });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += String(data)));
  const edge = `http://127.0.0.1:${portBase}`;
  await vi.waitFor(
    async () => {
      const [owner, file] = [await readOwner(dir), await readStackFile(dir)];
      const isUp = owner?.pid === child.pid && file?.edge === edge;
      if (!isUp && child.exitCode === null) throw new Error(`Not up:\n${printed}`);
    },
    { timeout: startMs, interval: 50 },
  );
  const owner = await readOwner(dir);
  if (child.exitCode !== null || owner === undefined) throw new Error(printed);
  const file = async () => {
    const now = await readStackFile(dir);
    if (now === undefined) throw new Error(`No stack.json in ${dir}`);
    return now;
  };
  return { dir, process: child, stackId: owner.stackId, printed: () => printed, file };
}

/** Ends everything that was started and removes the folders. */
export async function stopAll(): Promise<void> {
  for (const { process: child, dir } of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(dir, { recursive: true, force: true });
  }
}

/** Lists a stack's processes whose command line holds a word. */
export async function pidsWith(stackId: string, word: string): Promise<number[]> {
  const pids = await processesOf(stackId);
  const lines = await Promise.all(pids.map(commandLine));
  return pids.filter((_pid, index) => lines[index]?.includes(word));
}

/** Returns the watchdog of a stack, which is the one process of it that does not carry the stack's id. */
export async function watchdogOf(stackId: string): Promise<number> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  for (const pid of pids) {
    const line = await commandLine(pid);
    if (line.includes("watchdog.ts") && line.includes(stackId)) return pid;
  }
  throw new Error(`Stack ${stackId} has no watchdog`);
}

/** Returns a process' command line, or nothing when it is gone. */
export function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}
