/**
 * Measures the SQL reader where it runs, in workerd: `npm run bench:sql-edge -- FILE [--json]`.
 *
 * Guard and check over a corpus, the first check of an isolate (which makes the parser's instance), the size of the
 * Worker's bundle and how much its cold start adds to that of an empty Worker.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { unstable_startWorker } from "wrangler";
import { readCorpus } from "../tests/sql/support/corpus.ts";
import { bundleWorker, coldStarts } from "./edge/cold-start.ts";
import type { Times } from "./edge/worker.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const file = positionals[0];
if (file === undefined) throw new Error("Cannot bench without a corpus: npm run bench:sql-edge -- FILE");

const queries = readCorpus(file);
/** Queries for each request, few because the answer comes when all are done. */
const chunkSize = 20;
const address = "http://bench/";

const worker = await unstable_startWorker({
  config: fileURLToPath(new URL("edge/wrangler.toml", import.meta.url)),
  dev: { logLevel: "error", server: { port: 0 }, inspector: false, watch: false },
});
// The bench's own worker answers these shapes.
const first = (await (await worker.fetch(address)).json()) as { first: number; second: number };
const times: Times[] = [];
for (let at = 0; at < queries.length; at += chunkSize) {
  const body = JSON.stringify(queries.slice(at, at + chunkSize));
  times.push(...((await (await worker.fetch(address, { method: "POST", body })).json()) as Times[]));
}
await worker.dispose();

function quantile(of: keyof Times, share: number): number {
  const sorted = times.map((time) => time[of]).toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const bundle = await bundleWorker();
const cold = await coldStarts(bundle.folder);
const lean = await bundleWorker("assistants");
const leanCold = await coldStarts(lean.folder);
const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} ms`;
console.log(`
queries      ${queries.length}
guard        median ${ms(quantile("guard", 0.5))}, p95 ${ms(quantile("guard", 0.95))}
check        median ${ms(quantile("check", 0.5))}, p95 ${ms(quantile("check", 0.95))}
first check  ${ms(first.first)}, the next one ${ms(first.second)}
bundle       ${bundle.gzipKiB.toFixed(0)} KiB gzip
cold start   ${ms(cold.worker)} to the first answer; an empty Worker ${ms(cold.empty)}
without the SDK for assistants, which is evaluated by the first request to /mcp:
bundle       ${lean.gzipKiB.toFixed(0)} KiB gzip
cold start   ${ms(leanCold.worker)}; an empty Worker ${ms(leanCold.empty)}`);
if (values.json) {
  console.log(
    JSON.stringify({
      queries: queries.length,
      guardP50Ms: quantile("guard", 0.5),
      guardP95Ms: quantile("guard", 0.95),
      checkP50Ms: quantile("check", 0.5),
      checkP95Ms: quantile("check", 0.95),
      firstCheckMs: first.first,
      gzipKiB: bundle.gzipKiB,
      coldStartMs: cold.worker,
      emptyColdStartMs: cold.empty,
      leanGzipKiB: lean.gzipKiB,
      leanColdStartMs: leanCold.worker,
    }),
  );
}
