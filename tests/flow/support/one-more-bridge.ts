import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { TestStack } from "./stack.ts";

const program = fileURLToPath(new URL("../../../dev/bridge.ts", import.meta.url));

/** Starts one more bridge on a stack, as `npm run bridge` does; returns a function that kills it and waits for its end. */
export function startBridge(stack: TestStack): () => Promise<void> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, SQE_DEV_DIR: stack.dir };
  const child = spawn(process.execPath, ["--no-warnings", program], { env, stdio: "ignore" });
  const ended = once(child, "exit");
  return async () => {
    child.kill("SIGKILL");
    await ended;
  };
}
