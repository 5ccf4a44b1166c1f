/**
 * Measures how long the Worker of `wrangler dev` takes to check texts that are made to be slow:
 * `npm run bench:sql-hostile -- [--reader] [--json] [--fuzzed 200] [--batch 4] [--only REGEXP]`.
 *
 * Every kind of hostile text at 100,000 characters, and fuzzed ones, go to POST /v1/sql/check of a whole stack; with
 * `--reader` to a Worker of the reader alone, which knows the fields of all tables. A request costs what its batch costs,
 * divided: the clock of workerd stands still inside a request. `wall` is the time to the answer, look-ups in Marketing Cloud
 * included; `cpu` the processor time of workerd alone, so that other programs do not count. The exit code is 1 when a text
 * takes more than 300 ms of processor time or is not answered by 200.
 */
import { parseArgs } from "node:util";
import { hostileTexts } from "../tests/sql/support/hostile-texts.ts";
import { fuzzedText } from "../tests/sql/support/hostile/fuzzed.ts";
import { openDice } from "../tests/sql/syntax/support/generate.ts";
import { openEdge, openReader } from "./sql/check-servers.ts";
import { printTable, quantile } from "./stack/figures.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    fuzzed: { type: "string", default: "200" },
    batch: { type: "string", default: "4" },
    only: { type: "string", default: "." },
    reader: { type: "boolean", default: false },
  },
});

const maxLength = 100_000;
const maxMs = 300;
const batch = Number(values.batch);

function* texts(): Generator<{ name: string; sql: string }> {
  const only = new RegExp(values.only);
  for (const [name, kind] of hostileTexts) if (only.test(name)) yield { name, sql: kind(maxLength) };
  const dice = openDice(20_261_130);
  const kinds = [...hostileTexts.values()];
  for (let index = 0; index < Number(values.fuzzed); index += 1) {
    yield { name: `fuzzed ${index}`, sql: fuzzedText(dice, maxLength, kinds) };
  }
}

const server = await (values.reader ? openReader() : openEdge());
const results: { name: string; wall: number; cpu: number; bytes: number; statuses: string }[] = [];
try {
  for (const { name, sql } of texts()) {
    // Fields are remembered for a minute, and code is slow until it has been compiled.
    await server.check(sql);
    const [startCpu, start] = [await server.cpuMs(), performance.now()];
    const answers = await Promise.all(Array.from({ length: batch }, () => server.check(sql)));
    const [wall, cpu] = [performance.now() - start, (await server.cpuMs()) - startCpu];
    const statuses = [...new Set(answers.map(({ status }) => status))].join();
    results.push({ name, wall: wall / batch, cpu: cpu / batch, bytes: answers[0]?.bytes ?? 0, statuses });
  }
} finally {
  await server.stop();
}

const of = (key: "wall" | "cpu") => results.map((result) => result[key]);
const slowest = results.toSorted((one, other) => other.cpu - one.cpu);
console.log(`${results.length} texts of up to ${maxLength} characters, in batches of ${batch}; ms for each request`);
printTable(
  ["", "p50", "p99", "max"],
  (["cpu", "wall"] as const).map((key) => [key, quantile(of(key), 0.5), quantile(of(key), 0.99), Math.max(...of(key))]),
);
printTable(
  ["slowest", "cpu", "wall", "answer, bytes", "status"],
  slowest.slice(0, 12).map(({ name, cpu, wall, bytes, statuses }) => [name, cpu, wall, bytes, statuses]),
);
const wrong = results.filter(({ cpu, statuses }) => cpu > maxMs || statuses !== "200");
if (values.json) console.log(JSON.stringify({ texts: results.length, maxMs: slowest[0]?.cpu, wrong }));
if (wrong.length > 0) {
  console.log(`${wrong.length} take more than ${maxMs} ms of processor time, or are not answered by 200`);
  process.exitCode = 1;
}
