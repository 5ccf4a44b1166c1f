import process from "node:process";
import { openBridge, type Bridge } from "./bridge.ts";
import { readConfig } from "./config.ts";
import { openLog } from "./log.ts";

const log = openLog((line) => process.stderr.write(line), Date.now);

try {
  const config = readConfig(process.env);
  let bridge: Bridge | undefined;
  // Before it is up: as a container's first process, Node is deaf to a signal nobody listens to.
  stopOnSignals(() => bridge, config.graceMs);
  bridge = await openBridge(config, log);
  log("bridge up");
  process.send?.({ event: "READY" });
} catch (error) {
  // What can go wrong here is a setting, and messages about settings name variables, never values.
  process.stderr.write(`${error instanceof Error ? error.message : "Cannot start the bridge"}\n`);
  process.exit(1);
}

/** Leaves in order on a stop signal, or when the parent that started us is gone; hard when the grace is over. */
function stopOnSignals(readBridge: () => Bridge | undefined, graceMs: number): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    log("bridge stops");
    setTimeout(() => process.exit(1), graceMs).unref();
    // One that is not up yet holds nothing.
    await readBridge()?.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
}
