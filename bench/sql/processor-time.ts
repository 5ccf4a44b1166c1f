import { readdir, readFile } from "node:fs/promises";

/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

type Process = { pid: number; name: string; parent: number; ms: number };

async function readProcess(pid: string): Promise<Process | undefined> {
  // It may have ended since it was listed.
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  // proc(5): the parent is the 4th field of a line; user and system time are the 14th and the 15th.
  const fields = rest.split(" ");
  return { pid: Number(pid), name, parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * tickMs };
}

/** Opens a meter of the processor time, in ms, of all programs of one name that this process has started. @throws without /proc */
export async function openProcessorTime(name: string): Promise<() => Promise<number>> {
  const all = await processes();
  const family = new Set([process.pid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const pids = all.filter((it) => family.has(it.pid) && it.name === name).map(({ pid }) => String(pid));
  if (pids.length === 0) throw new Error(`Cannot measure ${name}: no such process was started, or /proc is missing`);
  return async () => {
    const found = await Promise.all(pids.map(readProcess));
    return found.reduce((sum, it) => sum + (it?.ms ?? 0), 0);
  };
}

async function processes(): Promise<Process[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found = await Promise.all(entries.filter((entry) => /^\d+$/.test(entry)).map(readProcess));
  return found.flatMap((it) => it ?? []);
}
