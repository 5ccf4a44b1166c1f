import { readFileSync } from "node:fs";

const parentCheckMs = 1000;

/**
 * Settles when this program should end: Ctrl-C, SIGTERM, SIGHUP, or npm, which started it, was killed. A second signal
 * ends it at once; the watchdog then cleans up.
 */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let isTold = false;
    const stop = () => {
      if (isTold) process.exit(130);
      isTold = true;
      resolve(undefined);
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
    if (process.env["npm_lifecycle_event"] === undefined) return;
    const npm = npmPid();
    const check = setInterval(() => {
      if (npmPid() === npm) return;
      clearInterval(check);
      resolve(undefined);
    }, parentCheckMs);
    check.unref();
  });
}

/** npm starts us through a shell, which some shells leave between us and it; it outlives npm without a word. */
function npmPid(): number {
  const stat = statOf(process.ppid);
  const [, name = "", parent = ""] = /^\d+ \((.*)\) \S+ (\d+)/.exec(stat) ?? [];
  return name.endsWith("sh") ? Number(parent) : process.ppid;
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
