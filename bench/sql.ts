/**
 * Scores schema inference on a corpus of queries with expected columns:
 * `npm run bench:sql -- FILE [--out FILE] [--json] [--verbose] [--production]`.
 *
 * Inference is scored before lint: a query that MCE would refuse is inferred, too. With `--production` it knows what it would
 * know there: our own list of data views, and no columns that MCE does not list. Then it also prints the times of guard and
 * check together, and of texts that grow; without the file, only the latter.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { inferColumns, type Inferred } from "#sql/infer.ts";
import { devCorpus, readCorpus } from "../tests/sql/support/corpus.ts";
import { fieldsIn, type CorpusQuery } from "../tests/sql/support/fields-in.ts";
import { family, score } from "../tests/sql/support/score.ts";
import { printGrowth } from "./sql/growth-series.ts";
import { productionFieldsIn } from "./sql/production.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    json: { type: "boolean" },
    verbose: { type: "boolean" },
    production: { type: "boolean" },
  },
});
if (values.production === true) printGrowth();
const file = positionals[0] ?? (values.production === true ? devCorpus : undefined);
if (file === undefined) throw new Error("Cannot bench without a corpus: npm run bench:sql -- FILE");

const queries = readCorpus(file);
if (values.production === true && queries.length === 0) {
  console.log("\nNo corpus: nothing is scored");
  process.exit();
}
const fieldsOfQuery = values.production === true ? productionFieldsIn : fieldsIn;

/** The times of one run of each query, in µs, in ascending order; the best of a few, so that interruptions of the machine do not count. */
function times(run: (query: CorpusQuery) => unknown, rounds = 3): number[] {
  const best = queries.map((query) => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      run(query);
      least = Math.min(least, (performance.now() - start) * 1000);
    }
    return least;
  });
  return best.sort((one, other) => one - other);
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

/** How many columns of people's real target DEs have the type inferred, of those both have. */
function agreement(query: CorpusQuery, answer: Inferred): { same: number; compared: number } {
  if (answer.kind !== "inferred" || query.target === undefined) return { same: 0, compared: 0 };
  let same = 0;
  let compared = 0;
  for (const column of answer.columns) {
    const field = query.target.fields.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    if (field === undefined) continue;
    compared += 1;
    if (family(field.fieldType) === column.fieldType) same += 1;
  }
  return { same, compared };
}

const totals = { inferred: 0, namesRight: 0, typesRight: 0, allRight: 0, same: 0, compared: 0 };
const lines: string[] = [];
for (const query of queries) {
  const answer = inferColumns(query.sql, fieldsOfQuery(query));
  if (answer.kind !== "inferred") {
    const error = answer.kind === "unknown" ? answer.why : answer.diagnostics.map(({ message }) => message).join("; ");
    lines.push(JSON.stringify({ id: query.id, columns: [], error }));
    console.log(`${query.id}  ${answer.kind}: ${error}`);
    continue;
  }
  const { names, types, lengths, wrong } = score(answer.columns, query.expected);
  const { same, compared } = agreement(query, answer);
  totals.inferred += 1;
  totals.namesRight += names ? 1 : 0;
  totals.typesRight += types ? 1 : 0;
  totals.allRight += names && types && lengths ? 1 : 0;
  totals.same += same;
  totals.compared += compared;
  lines.push(JSON.stringify({ id: query.id, columns: answer.columns }));
  if (wrong.length > 0)
    console.log([`${query.id}  ${wrong.length} wrong`, ...wrong.slice(0, values.verbose ? 99 : 3)].join("\n      "));
}
if (values.out !== undefined) writeFileSync(values.out, `${lines.join("\n")}\n`);

const percent = (count: number): string => `${((100 * count) / queries.length).toFixed(1)} %`;
const targetAgreement = totals.compared === 0 ? 1 : totals.same / totals.compared;
const inferring = times((query) => inferColumns(query.sql, fieldsOfQuery(query)));
const guarding = times((query) => guard(query.sql));
const checking = times((query) => check(query.sql, fieldsOfQuery(query)));
console.log(`
queries           ${queries.length}
inferred          ${percent(totals.inferred)}
names right       ${percent(totals.namesRight)}
types right       ${percent(totals.typesRight)}
all right         ${percent(totals.allRight)}
target agreement  ${(100 * targetAgreement).toFixed(1)} % of ${totals.compared} columns
guard             median ${quantile(guarding, 0.5)} µs, p95 ${quantile(guarding, 0.95)} µs
inference         median ${quantile(inferring, 0.5)} µs, p95 ${quantile(inferring, 0.95)} µs
check             median ${quantile(checking, 0.5)} µs, p95 ${quantile(checking, 0.95)} µs`);
if (values.production === true) {
  // Code is slow until it has been compiled.
  const compiled = times((query) => check(query.sql, fieldsOfQuery(query)), 20);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => (quantile(compiled, share) / 1000).toFixed(2));
  console.log(`guard and check   p50 ${p50} ms (at most 0.3), p99 ${p99} ms (at most 3), max ${max} ms`);
}
if (values.json) {
  const { inferred, namesRight, typesRight, allRight } = totals;
  const [p50us, p95us] = [quantile(inferring, 0.5), quantile(inferring, 0.95)];
  console.log(
    JSON.stringify({
      queries: queries.length,
      inferred,
      namesRight,
      typesRight,
      allRight,
      targetAgreement,
      p50us,
      p95us,
    }),
  );
}
