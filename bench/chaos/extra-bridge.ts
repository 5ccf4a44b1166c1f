import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBridgeLog, type BridgeLog } from "./bridge-log.ts";

/** A bridge beside the stack's own. */
export type ExtraBridge = Pick<BridgeLog, "touches" | "inHand"> & {
  /** Settles when it works, or has ended, or neither within a minute. @returns whether it works */
  up(): Promise<boolean>;
  /** Settles with the signal that ended it, if one did. */
  ended: Promise<string | undefined>;
  /** Asks it to leave. */
  leave(): void;
};

const program = fileURLToPath(new URL("../../dev/bridge.ts", import.meta.url));
const startMs = 60_000;

/**
 * Starts one more bridge on the stack in a folder.
 *
 * @param options `env`: settings for it alone; `preload`: a module that is loaded before it
 */
export function startExtraBridge(
  dir: string,
  { env = {}, preload }: { env?: Readonly<Record<string, string>>; preload?: URL },
): ExtraBridge {
  const { PATH, HOME } = process.env;
  const words = ["--no-warnings", ...(preload === undefined ? [] : ["--import", preload.href]), program];
  const child = spawn(process.execPath, words, {
    env: { PATH, HOME, SQE_DEV_DIR: dir, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const bridgeLog = openBridgeLog();
  const works = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    bridgeLog.read(line, Date.now());
    if (bridgeLog.isUp()) works.resolve();
  });
  // Unlike "exit" it comes after the last line of the log.
  const ended = once(child, "close").then(([, signal]) => (typeof signal === "string" ? signal : undefined));
  return {
    async up() {
      await Promise.race([works.promise, ended, sleep(startMs, undefined, { ref: false })]);
      return bridgeLog.isUp();
    },
    ended,
    leave: () => void child.kill("SIGTERM"),
    touches: () => bridgeLog.touches(),
    inHand: () => bridgeLog.inHand(),
  };
}
