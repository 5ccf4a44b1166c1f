import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Watchdog = {
  /** Sets which process groups it ends when this process is gone. */
  guard(leaders: number[]): void;
  /** Makes it end what is left of the stack, and then itself. */
  release(): void;
};

/** Starts the watchdog of a stack: a process that outlives this one until it has ended the stack's other processes. */
export function openWatchdog(stackId: string, dir: string): Watchdog {
  const program = fileURLToPath(new URL("./watchdog.ts", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", program, stackId, dir], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // It must not keep this process running, nor end it.
  child.unref();
  child.channel?.unref();
  child.on("error", () => undefined);
  return {
    guard: (leaders) => {
      if (child.connected) child.send(leaders, () => undefined);
    },
    release: () => {
      if (child.connected) child.disconnect();
    },
  };
}
