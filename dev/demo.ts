import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runActs } from "./demo/story.ts";
import { freePortBase } from "./stack/ports.ts";
import { openStack } from "./stack/stack.ts";
import { stopSignal } from "./stack/stop-signal.ts";

// npm run demo: starts a stack on free ports, runs three queries through the public API, and removes everything.
const say = (line: string) => console.log(line);

async function demo(dir: string): Promise<void> {
  const startedAt = Date.now();
  // With Marketing Cloud's usual quirks, unless the caller chose a profile.
  process.env["SANDBOX_PROFILE"] ??= "realistic";
  say("Starting Redis, Postgres, a Marketing Cloud sandbox, the edge and the bridge …");
  const stack = await openStack({ dir, portBase: await freePortBase(), say: (line) => console.error(line) });
  try {
    say(`All up after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    const { edge, sandbox, tokens } = stack.file();
    await keepPace(sandbox);
    await runActs({ edge, sandbox, token: tokens.alice }, say);
  } finally {
    await stack.stop();
  }
  say(`\nStopped everything after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Speeds up the sandbox with the engine: with divided waits, a query at normal pace would seem never to start. */
async function keepPace(sandbox: string): Promise<void> {
  const speed = Number(process.env["SQE_TIME_SCALE"] ?? 1);
  if (speed === 1) return;
  const answer = await fetch(`${sandbox}/sandbox/clock`, { method: "POST", body: JSON.stringify({ speed }) });
  if (!answer.ok) throw new Error(`Cannot set the sandbox's clock to ${speed} times its speed: ${await answer.text()}`);
}

const dir = await mkdtemp(join(tmpdir(), "sqe-demo-"));
const outcome = await Promise.race([
  demo(dir).then(
    () => 0,
    (error: unknown) => {
      console.error(`\nThe demo failed. ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    },
  ),
  stopSignal().then(() => 130),
]);
await rm(dir, { recursive: true, force: true });
// After a signal this ends the parts, too: the watchdog notices that this process is gone.
process.exit(outcome);
