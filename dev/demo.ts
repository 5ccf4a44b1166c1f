import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tell } from "./demo/story.ts";
import { freePortBase } from "./stack/ports.ts";
import { openStack } from "./stack/stack.ts";
import { stopSignal } from "./stack/stop-signal.ts";

// npm run demo: a stack of its own on free ports, one SELECT through the public API, and everything gone again.
const say = (line: string) => console.log(line);

async function demo(dir: string): Promise<void> {
  const startedAt = Date.now();
  // With the usual quirks of Marketing Cloud, unless the caller wants another one.
  process.env["SANDBOX_PROFILE"] ??= "realistic";
  say("Starting Redis, Postgres, a Marketing Cloud sandbox, the edge and the bridge …");
  const stack = await openStack({ dir, portBase: await freePortBase(), say: (line) => console.error(line) });
  try {
    say(`All up after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    const { edge, sandbox, tokens } = stack.file();
    await keepPace(sandbox);
    await tell({ edge, sandbox, token: tokens.alice }, say);
  } finally {
    await stack.stop();
  }
  say(`\nStopped everything; ${((Date.now() - startedAt) / 1000).toFixed(1)} s in all`);
}

/** An engine whose waits are divided takes a Marketing Cloud at its usual pace for one that never begins a query. */
async function keepPace(sandbox: string): Promise<void> {
  const speed = Number(process.env["SQE_TIME_SCALE"] ?? 1);
  if (speed === 1) return;
  const answer = await fetch(`${sandbox}/sandbox/clock`, { method: "POST", body: JSON.stringify({ speed }) });
  if (!answer.ok) throw new Error(`The sandbox's clock cannot run ${speed} times as fast: ${await answer.text()}`);
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
// Ends the parts, too, when a signal came while they ran: the watchdog sees us go.
process.exit(outcome);
