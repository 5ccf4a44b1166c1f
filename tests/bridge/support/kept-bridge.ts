import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../src/queue-bridge/main.ts", import.meta.url));

/**
 * Keeps one bridge process running, as a supervisor does; `deaths` tells how each ended, `ups` when each was up, in epoch
 * milliseconds.
 */
export function keepBridge(environment: Record<string, string>) {
  const deaths: (string | number | null)[] = [];
  const ups: number[] = [];
  let child: ChildProcess;
  let isEnding = false;
  const start = () => {
    // Without PATH and the like, which the bridge does not need.
    child = spawn(process.execPath, ["--no-warnings", main], {
      env: environment,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", () => void ups.push(Date.now()));
    child.once("exit", (code, signal) => {
      deaths.push(signal ?? code);
      if (!isEnding) start();
    });
  };
  start();
  return {
    deaths,
    ups,
    kill: () => void child.kill("SIGKILL"),
    async end() {
      isEnding = true;
      const ended = once(child, "exit");
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}
