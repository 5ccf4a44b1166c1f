import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Watchdog = {
  /** Tells it which process groups to end should this process vanish. */
  guard(leaders: number[]): void;
  /** Lets it end what is left of the stack, and itself. */
  release(): void;
};

/** Starts the watchdog of a stack: a process that outlives this one for as long as it takes to end the stack's others. */
export function openWatchdog(stackId: string, dir: string): Watchdog {
  const program = fileURLToPath(new URL("./watchdog.ts", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", program, stackId, dir], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // It must not keep us alive, nor end us when it dies.
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
