import { readFile, readdir } from "node:fs/promises";
import { basename } from "node:path";
import type { StackFile } from "../../dev/stack/stack-files.ts";

/** Resident memory in MB by process name; shared pages, such as the program itself, count in each that has them. */
export type Memory = ReadonlyMap<string, number>;

type Process = { pid: number; parent: number; residentMb: number };

const sampleMs = 500;
const kbInMb = 1024;

/**
 * Reads the memory of every process this bench has started, and of the bench itself. Children that are not a part of the
 * stack, such as wrangler's workerd, have the name of their program. Empty without /proc, as on macOS.
 */
export async function readMemory(file: StackFile): Promise<Memory> {
  const processes = await listProcesses();
  const family = new Set([process.pid]);
  // A child may have a smaller pid than its parent, so one pass is not enough.
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  const memory = new Map<string, number>();
  for (const { pid, residentMb } of processes.filter((it) => family.has(it.pid))) {
    const name = partOf(pid, file) ?? (await programOf(pid));
    memory.set(name, (memory.get(name) ?? 0) + residentMb);
  }
  return memory;
}

/** Does something, and returns the highest memory seen of each process meanwhile. */
export async function peakDuring<T>(file: () => StackFile, act: () => Promise<T>): Promise<{ peak: Memory; done: T }> {
  const peak = new Map<string, number>();
  const sample = async () => {
    for (const [name, mb] of await readMemory(file())) peak.set(name, Math.max(mb, peak.get(name) ?? 0));
  };
  const sampling = setInterval(() => void sample(), sampleMs);
  try {
    return { done: await act(), peak };
  } finally {
    clearInterval(sampling);
    await sample();
  }
}

async function listProcesses(): Promise<Process[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.map(Number).filter((pid) => Number.isInteger(pid));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // It may have ended since it was listed, and then has no memory.
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
      return { pid, parent: number("PPid"), residentMb: number("VmRSS") / kbInMb };
    }),
  );
  return found.filter(({ residentMb }) => !Number.isNaN(residentMb));
}

function partOf(pid: number, { bridgePid, edgePid, sandboxPid, redisPid }: StackFile): string | undefined {
  const parts = new Map([
    [bridgePid, "bridge"],
    [edgePid, "wrangler"],
    [sandboxPid, "sandbox"],
    [redisPid, "redis"],
    [process.pid, "this bench"],
  ]);
  return parts.get(pid);
}

/** Node's script, or the program; of `wrangler dev`'s two workerds the one without the Worker is its proxy. */
async function programOf(pid: number): Promise<string> {
  const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  const isWorkerd = basename(words[0] ?? "") === "workerd";
  if (isWorkerd && !words.some((word) => word.startsWith("--inspector-addr"))) return "wrangler's proxy";
  return basename(words.find((word) => word.endsWith(".ts")) ?? words[0] ?? "", ".ts");
}
