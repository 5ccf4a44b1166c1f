import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { tempDir } from "../../support/temp-dir.ts";

type Ended = { code: number | null; said: string };

/** A copy of this tree in a folder of its own, where commands are run as an operator runs them. */
export type Checkout = {
  dir: string;
  /** Runs shell lines to their end; the first that fails ends them. */
  run(lines: string): Promise<Ended>;
  /** Starts shell lines that go on. */
  start(lines: string): Running;
  /** Ends what was started. */
  close(): Promise<void>;
};
type Running = { child: ChildProcess; said: () => string };

/** Copies the files that Git knows or would know; the packages are shared. */
export async function openCheckout(from: string): Promise<Checkout> {
  const dir = await tempDir();
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: from });
  for (const file of files.toString().trim().split("\n")) {
    if (!existsSync(join(from, file))) continue;
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    cpSync(join(from, file), join(dir, file));
  }
  symlinkSync(join(from, "node_modules"), join(dir, "node_modules"));
  const started: Running[] = [];
  return {
    dir,
    async run(lines) {
      const { child, said } = shell(dir, lines);
      const [code] = (await once(child, "close")) as [number | null];
      return { code, said: said() };
    },
    start(lines) {
      const running = shell(dir, lines);
      started.push(running);
      return running;
    },
    async close() {
      for (const { child } of started.toReversed()) {
        if (child.pid === undefined || child.exitCode !== null) continue;
        const ended = once(child, "close");
        // The shell and everything it has started.
        process.kill(-child.pid, "SIGTERM");
        await ended;
      }
    },
  };
}

function shell(cwd: string, lines: string): Running {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, X_LOCAL_OBSERVABILITY: "false", WRANGLER_SEND_METRICS: "false" };
  const words = ["-euo", "pipefail", "-c", lines];
  const child = spawn("bash", words, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += String(data)));
  return { child, said: () => text };
}
