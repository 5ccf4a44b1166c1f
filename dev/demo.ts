import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "#client/client.ts";
import { ownAct } from "./demo/own-act.ts";
import { runActs } from "./demo/story.ts";
import { freePortBase } from "./stack/ports.ts";
import { openStack } from "./stack/stack.ts";
import type { StackFile } from "./stack/stack-files.ts";
import { stopSignal } from "./stack/stop-signal.ts";
import { cleanTenant } from "./tenant/clean-tenant.ts";
import { everyonesQuery, openOwnTenant, type OwnTenant } from "./tenant/own-tenant.ts";

// npm run demo: starts a stack on free ports, runs three queries through the public API, or the one it is given, and removes
// everything.
const say = (line: string) => console.log(line);
const stopped = stopSignal();
const [asked] = process.argv.slice(2);

async function demo(dir: string, tenant: OwnTenant | undefined): Promise<void> {
  const startedAt = Date.now();
  // With Marketing Cloud's usual quirks, unless the caller chose a profile.
  process.env["SANDBOX_PROFILE"] ??= "realistic";
  say(
    `Starting Redis, Postgres, ${tenant === undefined ? "a Marketing Cloud sandbox, " : ""}the edge and the bridge …`,
  );
  const options = { dir, portBase: await freePortBase(), say: (line: string) => console.error(line) };
  const stack = await openStack(options, tenant);
  try {
    say(`All up after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    await (tenant === undefined ? actOnSandbox(stack.file()) : actOnTenant(stack.file(), tenant));
  } finally {
    await stack.stop();
  }
  say(`\nStopped everything after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function actOnSandbox({ edge, sandbox = "", tokens: { alice: token } }: StackFile): Promise<void> {
  await keepPace(sandbox);
  if (asked === undefined) await runActs({ edge, sandbox, token }, say);
  else await ownAct({ client: createClient({ url: edge, token }), say }, asked);
}

async function actOnTenant(file: StackFile, tenant: OwnTenant): Promise<void> {
  const client = createClient({ url: file.edge, token: file.tokens.alice });
  const runIds: string[] = [];
  try {
    await ownAct({ client, say }, asked ?? everyonesQuery, (run) => {
      runIds.push(run.id);
      // The run ends as canceled then, and the demo with it.
      stopped.then(() => run.cancel()).catch((error: unknown) => say(String(error)));
    });
  } finally {
    await cleanTenant(tenant, file, { say: (line) => say(`\n${line}`), runIds });
  }
}

/** Speeds up the sandbox with the engine: with divided waits, a query at normal pace would seem never to start. */
async function keepPace(sandbox: string): Promise<void> {
  const speed = Number(process.env["SQE_TIME_SCALE"] ?? 1);
  if (speed === 1) return;
  const answer = await fetch(`${sandbox}/sandbox/clock`, { method: "POST", body: JSON.stringify({ speed }) });
  if (!answer.ok) throw new Error(`Cannot set the sandbox's clock to ${speed} times its speed: ${await answer.text()}`);
}

let isStopped = false;
stopped.then(() => (isStopped = true)).catch(() => undefined);

function failed(error: unknown): number {
  // What a canceled run ends with is no failure of the demo's.
  if (isStopped) return 130;
  console.error(`\nThe demo failed. ${error instanceof Error ? error.message : String(error)}`);
  return 1;
}

async function run(dir: string): Promise<number> {
  const tenant = await openOwnTenant({ caller: process.env, say });
  const ended = demo(dir, tenant).then(() => 0, failed);
  // In a tenant nothing but this stack removes what its run has made.
  return Promise.race([ended, stopped.then(() => (tenant === undefined ? 130 : ended.then(() => 130)))]);
}

const dir = await mkdtemp(join(tmpdir(), "sqe-demo-"));
const outcome = await run(dir).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});
await rm(dir, { recursive: true, force: true });
// After a signal this ends the parts, too: the watchdog notices that this process is gone.
process.exit(outcome);
