import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildSite } from "../../scripts/site/build.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** The program itself, since its script in `bin` would be one more process. The package exports a path. */
const workerdPath = createRequire(import.meta.url)(join(root, "node_modules/workerd")).default as string;
const rounds = 7;

/** The Worker as it would be deployed: its folder and its size. */
export type Bundle = { folder: string; gzipKiB: number };

const assistants = "@modelcontextprotocol/server";
const noAssistants = join(root, "bench/edge/no-assistants.ts");

/**
 * Bundles the Worker without deploying it.
 *
 * @param leftOut `assistants`: without the SDK of the Model Context Protocol, to see what it costs
 * @throws when wrangler does not print its size
 */
export async function bundleWorker(leftOut?: "assistants"): Promise<Bundle> {
  await buildSite();
  const folder = mkdtempSync(join(tmpdir(), "sqe-bundle-"));
  const wrangler = join(root, "node_modules/wrangler/wrangler-dist/cli.js");
  const args = ["--no-warnings", wrangler, "deploy", "--dry-run", "--outdir", folder];
  if (leftOut === "assistants") args.push("--alias", `${assistants}:${noAssistants}`);
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(folder, "logs"), CI: "true" };
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env });
  const gzipKiB = Number(/gzip: ([\d.]+) KiB/.exec(printed)?.[1]);
  if (!(gzipKiB > 0)) throw new Error("Cannot read the bundle's size: wrangler does not print it");
  return { folder, gzipKiB };
}

/** Any answer is enough: it comes after the whole Worker has been evaluated. */
const probe = "/healthz";

function configOf(port: number, isEmpty: boolean): string {
  const modules = isEmpty
    ? `(name = "index.js", esModule = "export default { fetch() { return new Response() } };")`
    : `(name = "index.js", esModule = embed "index.js")`;
  const namespaces = isEmpty
    ? ""
    : `, durableObjectNamespaces = [(className = "RunObject", uniqueKey = "runs", enableSql = true)], durableObjectStorage = (inMemory = void)`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);
const main :Workerd.Worker = (modules = [${modules}], compatibilityDate = "2026-11-02"${namespaces});
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}

/** Milliseconds from the start of workerd to the first answer. @throws when none comes within 20 s */
async function coldStart(folder: string, isEmpty: boolean): Promise<number> {
  const port = await freePort();
  const config = join(folder, isEmpty ? "empty.capnp" : "worker.capnp");
  writeFileSync(config, configOf(port, isEmpty));
  const started = performance.now();
  const workerd = spawn(workerdPath, ["serve", config], { stdio: "ignore" });
  try {
    while (performance.now() - started < 20_000) {
      const answer = await fetch(`http://127.0.0.1:${port}${probe}`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer !== undefined) return performance.now() - started;
      await wait(2);
    }
    throw new Error("Cannot measure the cold start: workerd does not answer");
  } finally {
    workerd.kill("SIGKILL");
  }
}

/** Median times to the first answer: of the bundled Worker, and of an empty one. */
export async function coldStarts(folder: string): Promise<{ worker: number; empty: number }> {
  const worker: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await coldStart(folder, true));
    worker.push(await coldStart(folder, false));
  }
  const median = (times: number[]): number => times.sort((one, other) => one - other)[rounds >> 1] ?? 0;
  return { worker: median(worker), empty: median(empty) };
}
