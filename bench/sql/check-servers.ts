import { fileURLToPath } from "node:url";
import { unstable_startWorker } from "wrangler";
import { openBenchStack } from "../stack/bench-stack.ts";
import { openProcessorTime } from "./processor-time.ts";
import { createWideTables } from "./wide-tables.ts";

/** Something in workerd that checks texts. */
export type CheckServer = {
  check(sql: string): Promise<{ status: number; bytes: number }>;
  /** What workerd has used, in ms of processor time. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
};

async function sizeOf(answer: { status: number; arrayBuffer(): Promise<ArrayBuffer> }) {
  return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
}

/** Starts a whole stack: POST /v1/sql/check of its Worker, which asks a sandbox for the fields of tables and for no validation. */
export async function openEdge(): Promise<CheckServer> {
  const stack = await openBenchStack(1);
  const { edge, sandbox, tokens } = stack.file();
  const others = Array.from({ length: 8 }, (_, index) => `Other${index}`);
  await createWideTables(sandbox, ["Wide", "Target", "Spaced", ...others]);
  await stack.control("behaviours", { validateDown: true });
  const headers = { authorization: `Bearer ${tokens.alice}`, "content-type": "application/json" };
  return {
    check: async (sql) =>
      sizeOf(await fetch(`${edge}/v1/sql/check`, { method: "POST", headers, body: JSON.stringify({ sql }) })),
    cpuMs: await openProcessorTime("workerd"),
    stop: () => stack.stop(),
  };
}

/** Starts a Worker of the reader alone, which knows the fields of all tables. */
export async function openReader(): Promise<CheckServer> {
  const worker = await unstable_startWorker({
    config: fileURLToPath(new URL("../edge/check-wrangler.toml", import.meta.url)),
    dev: { logLevel: "error", server: { port: 0 }, inspector: false, watch: false },
  });
  await worker.ready;
  return {
    check: async (sql) =>
      sizeOf(await worker.fetch("http://bench/", { method: "POST", body: JSON.stringify({ sql }) })),
    cpuMs: await openProcessorTime("workerd"),
    stop: () => worker.dispose(),
  };
}
