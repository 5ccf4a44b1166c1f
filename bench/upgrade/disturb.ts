import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readStackFile } from "../../dev/stack/stack-files.ts";
import type { BenchStack } from "../stack/bench-stack.ts";

/** What happened to the engine, and how long until the part was there again, in milliseconds. */
export type Disturbance = { what: string; atMs: number; backMs: number };

const program = fileURLToPath(new URL("../../dev/bridge.ts", import.meta.url));
const backMs = 60_000;
const lookAgainMs = 50;

/** A second bridge on the stack, as a rolling upgrade starts it. */
export async function startSecondBridge(stack: BenchStack): Promise<ChildProcess> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, SQE_DEV_DIR: stack.dir };
  const child = spawn(process.execPath, ["--no-warnings", program], { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => (log += String(data)));
  await until(() => Promise.resolve(log.includes("bridge up")), "a second bridge is up");
  return child;
}

/** Ends a bridge that we have started, and waits for its end. @returns how long it took */
export async function endBridge(bridge: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<number> {
  const startedAt = Date.now();
  const ended = once(bridge, "exit");
  bridge.kill(signal);
  await ended;
  return Date.now() - startedAt;
}

/** Sends a signal to a part of the stack, which its supervisor then starts again. @returns how long until it is back */
export async function restartPart(
  stack: BenchStack,
  part: "bridgePid" | "edgePid",
  signal: "SIGTERM" | "SIGKILL",
): Promise<number> {
  const before = (await readStackFile(stack.dir))?.[part];
  if (before === undefined) throw new Error(`Cannot restart: ${part} is absent`);
  const startedAt = Date.now();
  process.kill(before, signal);
  await until(async () => {
    // Written anew when the part is ready, not as soon as it has a process.
    const now = (await readStackFile(stack.dir))?.[part];
    if (now === undefined || now === before) return false;
    if (part === "bridgePid") return true;
    return fetch(`${stack.file().edge}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }, `${part} is back`);
  return Date.now() - startedAt;
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + backMs;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`Cannot go on: not within ${backMs / 1000} s: ${what}`);
    await sleep(lookAgainMs);
  }
}
