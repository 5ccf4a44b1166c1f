import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runActs } from "../dev/demo/story.ts";
import { freePortBase } from "../dev/stack/ports.ts";
import { withoutTenant } from "../dev/tenant/variables.ts";
import { readStackFile, type StackFile } from "../dev/stack/stack-files.ts";
import { openTreeOf } from "./upgrades/tree.ts";

const help = `npm run try-upgrade: lets two versions work together, on this machine. The bridge of an earlier commit takes runs of this
tree's edge, and this tree's bridge takes runs of the earlier edge; each does the demo's three parts.

  npm run try-upgrade                  the commit before this one
  npm run try-upgrade -- --from v0.1.0

The database has this tree's schema in both: migrations go first. Both use the installed packages of this tree.`;

const here = fileURLToPath(new URL("..", import.meta.url));
const upMs = 90_000;

try {
  const { values } = parseArgs({
    options: { from: { type: "string", default: "HEAD~1" }, help: { type: "boolean", default: false } },
  });
  if (values.help) console.log(help);
  else await tryUpgrade(values.from);
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot try the upgrade");
  process.exitCode = 1;
}
process.exit();

async function tryUpgrade(from: string): Promise<void> {
  const before = await openTreeOf(here, from);
  try {
    console.log(`the bridge of ${from} with this edge`);
    await together({ edge: here, bridge: before.dir });
    console.log(`this bridge with the edge of ${from}`);
    await together({ edge: before.dir, bridge: here });
  } finally {
    await before.close();
  }
}

/** Starts the local stack of one tree with the bridge of the other, and does the demo's parts on it. */
async function together(trees: { edge: string; bridge: string }): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-upgrade-"));
  const env = {
    ...process.env,
    ...withoutTenant,
    SQE_DEV_DIR: dir,
    SQE_DEV_RESTART: "0",
    PORT_BASE: String(await freePortBase()),
  };
  const stack = start(trees.edge, ["dev/main.ts"], env);
  let bridge: ChildProcess | undefined;
  try {
    stack.stderr?.pipe(process.stderr);
    const file = await stackFileOf(dir, stack);
    if (file.bridgePid !== undefined) process.kill(file.bridgePid, "SIGKILL");
    bridge = start(trees.bridge, [`--env-file=${join(dir, "bridge.env")}`, "src/queue-bridge/main.ts"], process.env);
    let log = "";
    bridge.stderr?.on("data", (data) => (log = `${log}${String(data)}`.slice(-2000)));
    const ended = once(bridge, "exit").then(([code]) => {
      throw new Error(`The bridge ended with ${code}:\n${log}`);
    });
    const { edge, sandbox = "", tokens } = file;
    await Promise.race([runActs({ edge, sandbox, token: tokens.alice }, () => undefined), ended]);
    // From here on we end it.
    ended.catch(() => undefined);
    console.log("  a query, a query into a table, a cancel: as they should");
  } finally {
    await end(bridge);
    await end(stack);
    await rm(dir, { recursive: true, force: true });
  }
}

function start(cwd: string, words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ["--no-warnings", ...words], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
}

async function stackFileOf(dir: string, stack: ChildProcess): Promise<StackFile> {
  const until = Date.now() + upMs;
  for (;;) {
    const file = await readStackFile(dir);
    if (file !== undefined) return file;
    if (stack.exitCode !== null) throw new Error(`The stack ended with ${stack.exitCode}`);
    if (Date.now() > until) throw new Error(`The stack is not up after ${upMs / 1000} s`);
    await sleep(200);
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
