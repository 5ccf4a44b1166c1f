import { readFileSync } from "node:fs";

const parentCheckMs = 1000;
/** npm passes on what the terminal has sent already: a signal that comes so soon is the same Ctrl-C. */
const sameMs = 500;

/**
 * Settles when this program should stop: at Ctrl-C, SIGTERM or SIGHUP, or when the npm that started it is killed. A second
 * signal ends it at once; the watchdog then cleans up.
 */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined;
    const stop = () => {
      if (stoppedAt !== undefined && Date.now() - stoppedAt > sameMs) process.exit(130);
      stoppedAt ??= Date.now();
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

/** The pid of npm. It starts us through a shell; some shells stay between us and it, and outlive a killed npm. */
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
