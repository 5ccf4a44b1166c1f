import process from "node:process";
import { openBridge, type Bridge } from "./bridge.ts";
import { readConfig } from "./config.ts";
import { openLog } from "./log.ts";

const log = openLog((line) => process.stderr.write(line), Date.now);

try {
  const config = readConfig(process.env);
  const bridge = await openBridge(config, log);
  stopOnSignals(bridge, config.graceMs);
  log("bridge up");
  process.send?.({ event: "READY" });
} catch (error) {
  // What can go wrong here is a setting, and messages about settings name variables, never values.
  process.stderr.write(`${error instanceof Error ? error.message : "Cannot start the bridge"}\n`);
  process.exit(1);
}

/** Leaves in order on a stop signal, or when the parent that started us is gone; hard when the grace is over. */
function stopOnSignals(bridge: Bridge, graceMs: number): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    log("bridge stops");
    setTimeout(() => process.exit(1), graceMs).unref();
    await bridge.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
}
