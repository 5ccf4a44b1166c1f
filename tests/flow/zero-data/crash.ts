import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { readEnvironment } from "../../../dev/stack/stack-files.ts";
import type { Planted } from "./plant.ts";
import { killBridge, submit, type World } from "./world.ts";

const program = fileURLToPath(new URL("../../../src/queue-bridge/main.ts", import.meta.url));
const preload = new URL("./crash-preload.ts", import.meta.url).href;
const roundMs = 10_000;
const rounds = 4;

/**
 * Ends a bridge by an error that nobody catches and that has rows in it, and collects what it printed.
 *
 * @param dir where it would leave a file
 * @throws when it does not end
 */
export async function crashBridge(
  world: World,
  planted: Planted,
  dir: string,
  how: "error" | "rejection",
): Promise<void> {
  const { stack, canaries, collected } = world;
  const env = {
    ...parseEnv(await readEnvironment(stack.dir, "bridge")),
    PATH: process.env["PATH"],
    TMPDIR: dir,
    ZERO_DATA_MARK: planted.rowKey,
    ZERO_DATA_CRASH: how,
  };
  const words = ["--no-warnings", "--import", preload, program];
  const child = spawn(process.execPath, words, { env, cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => printed.push(part));
  const ended = once(child, "close");
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  try {
    while (!Buffer.concat(printed).includes('"bridge up"') && isRunning()) await once(child.stderr, "data");
    for (let round = 0; round < rounds && isRunning(); round += 1) {
      // The stack's own bridge, which may take every run, is gone for a second or two.
      await killBridge(world);
      const literal = `'${canaries.draw("SQL literal")}'`;
      const sql = `SELECT Id, Note FROM [${planted.table}] WHERE Note <> ${literal}`;
      await Promise.all([1, 2, 3].map(() => submit(world, { sql })));
      await Promise.race([ended, sleep(roundMs)]);
    }
    if (isRunning()) throw new Error("The bridge that was to crash did not get a run");
    await ended;
    collected.push({ sink: "crash output", place: `an uncaught ${how}`, content: Buffer.concat(printed) });
  } finally {
    child.kill("SIGKILL");
  }
}
