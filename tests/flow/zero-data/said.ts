import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { processesOf } from "../../../dev/stack/process-table.ts";
import { readOwner } from "../../../dev/stack/stack-files.ts";
import { entryOf, type Entry } from "./sink.ts";
import type { World } from "./world.ts";

const run = promisify(execFile);
const doctor = fileURLToPath(new URL("../../../scripts/doctor.ts", import.meta.url));

/** What the parts of a stack say of themselves when they are asked: metrics, status, lists, the doctor. */
export async function askParts({ stack, ask }: World, dir: string): Promise<Entry[]> {
  const log = await readFile(join(stack.dir, "logs", "bridge.log"), "utf8");
  const urls = [...log.matchAll(/"event":"bridge up","url":"([^"]+)"/g)].map(([, url = ""]) => url);
  const metrics = await fetch(`${urls.at(-1)}/metrics`);
  const status = await ask("GET", "/v1/admin/status", { token: stack.tokens.operator });
  const sweep = await ask("POST", "/v1/admin/sweep?dryRun=1", { token: stack.tokens.operator });
  const runs = await ask("GET", "/v1/runs?limit=100");
  return [
    entryOf("metrics", "/metrics", await metrics.text()),
    entryOf("status", "/v1/admin/status", status.text),
    entryOf("status", "sweep", sweep.text),
    entryOf("run as shown", "/v1/runs", runs.text),
    ...(await bundleOf(stack.dir, dir)),
    ...(await commandLines(stack.dir)),
  ];
}

async function bundleOf(stackDir: string, dir: string): Promise<Entry[]> {
  const cwd = join(dir, "doctor");
  await mkdir(cwd);
  const env = { PATH: process.env["PATH"], SQE_DEV_DIR: stackDir };
  // It exits with 1 when it finds something broken, which is no matter here.
  const printed = await run(process.execPath, ["--no-warnings", "--", doctor, "--bundle"], { cwd, env }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  const [name] = await readdir(cwd);
  if (name === undefined) throw new Error(`The doctor wrote no bundle: ${printed.stdout}`);
  const bundle = await readFile(join(cwd, name), "utf8");
  return [entryOf("doctor", "bundle", bundle), entryOf("doctor", "printed", printed.stdout)];
}

/** What everybody on a machine can read of its processes. */
async function commandLines(stackDir: string): Promise<Entry[]> {
  const pids = await processesOf((await readOwner(stackDir))?.stackId ?? "");
  const perPid = pids.map(async (pid) => {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return entryOf("command lines", String(pid), line);
  });
  return Promise.all(perPid);
}
