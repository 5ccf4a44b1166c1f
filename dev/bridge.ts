import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { settingsOf } from "./stack/environment.ts";
import { readEnvironment, readStackFile } from "./stack/stack-files.ts";

// npm run bridge: one more bridge on the running stack; it stops with the stack.
const dir = resolve(process.env["SQE_DEV_DIR"] ?? ".dev");
const stackCheckMs = 1000;

if ((await readStackFile(dir)) === undefined) {
  console.error(`Cannot start a bridge: no stack runs in ${dir}; start one with npm run dev, or set SQE_DEV_DIR`);
  process.exit(1);
}
// The caller may set the engine's own settings, such as SQE_FAIL_AT; the stack has the addresses. Its bridge has its own port.
const port = { BRIDGE_HTTP_PORT: process.env["BRIDGE_HTTP_PORT"] ?? "0" };
Object.assign(process.env, parseEnv(await readEnvironment(dir, "bridge")), settingsOf(process.env), port);

setInterval(async () => {
  if ((await readStackFile(dir)) === undefined) process.kill(process.pid, "SIGTERM");
}, stackCheckMs).unref();

console.log("One more bridge; Ctrl-C stops it.");
// The import starts the bridge, in this process, so that it gets this process's signals.
await import(new URL("../src/queue-bridge/main.ts", import.meta.url).href);
