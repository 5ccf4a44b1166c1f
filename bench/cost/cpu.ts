import { readFile, readdir } from "node:fs/promises";
import { execFileSync } from "node:child_process";

/** Reads how long a process has computed so far, in milliseconds; 0 where there is no /proc. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Fields 14 and 15, counted from behind the name, which may contain blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / ticksASecond();
}

/** Finds the newest process of a program among those that a process started. */
export async function childOf(parent: number, program: RegExp): Promise<number | undefined> {
  const pids = (await readdir("/proc").catch(() => [])).map(Number).filter(Number.isInteger);
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (pid: number): boolean => {
    const up = parents.get(pid);
    return up !== undefined && up > 0 && (up === parent || isBelow(up));
  };
  for (const pid of pids.filter(isBelow).toReversed()) {
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (program.test(words.split("\0")[0] ?? "")) return pid;
  }
  return undefined;
}

function ticksASecond(): number {
  return Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
}
