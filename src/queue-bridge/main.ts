import process from "node:process";
import { openBridge, type Bridge } from "./bridge.ts";
import { readConfig } from "./config.ts";
import { endOnBug } from "./end-on-bug.ts";
import { openLog } from "./log.ts";

const log = openLog((line) => process.stderr.write(line), Date.now);
endOnBug(process, log);

try {
  const config = readConfig(process.env);
  let bridge: Bridge | undefined;
  // Before it is up: as a container's first process, Node ignores a signal without a listener.
  stopOnSignals(() => bridge, config.graceMs);
  bridge = await openBridge(config, log);
  log("bridge up", { url: bridge.url });
  process.send?.({ event: "READY" });
} catch (error) {
  // What can go wrong here is a setting, and messages about settings name variables, never values.
  process.stderr.write(`${error instanceof Error ? error.message : "Cannot start the bridge"}\n`);
  process.exit(1);
}

/** Shuts down on a stop signal, or when the parent process is gone; exits at once when `graceMs` is over. */
function stopOnSignals(readBridge: () => Bridge | undefined, graceMs: number): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    log("bridge stopping");
    setTimeout(() => process.exit(1), graceMs).unref();
    // A bridge that is not up yet has nothing to close.
    await readBridge()?.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
}
