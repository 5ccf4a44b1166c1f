/**
 * Does faults to a whole stack of real processes while people order runs, and checks that nothing was lost and nothing done
 * twice: `npm run chaos -- [--seed N] [--minutes 5] [--people 20] [--json]`. docs/reliability.md says what is checked.
 *
 * Faults come for `--minutes`; the rest, up to four minutes, is the wait for the last runs, the clean-up and the judgment. The
 * seed draws faults and orders. The same seed gives the same ones again at the same times, not the same interleaving. The exit
 * code is 1 when an invariant is broken, when no run got ready, and, from five minutes on, when a fault never struck or no
 * bridge died at a fail point. Fail points that no bridge died at are printed as not met: some are rarely reached.
 */
import { parseArgs } from "node:util";
import { makeChaos, type ChaosResult } from "./chaos/chaos.ts";
import { findUnmet } from "./chaos/demands.ts";
import { endsOf, lineOf } from "./history/check.ts";
import { busiestMinutes } from "./history/check-calls.ts";
import { invariants } from "./history/history.ts";
import { wholeMs } from "./chaos/plan.ts";
import { stepNames } from "./chaos/stays.ts";
import { printTable } from "./stack/figures.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    minutes: { type: "string", default: String(wholeMs / 60_000) },
    people: { type: "string", default: "20" },
  },
});
const seed = Number(values.seed);
const minuteMs = 60_000;
const lengthMs = Number(values.minutes) * minuteMs;
const shown = 40;
/** How long after its end a fault may show: until what it broke has been tried again. */
const aftermathMs = 5000;
console.error(`seed ${seed}: npm run chaos -- --seed ${seed} --minutes ${values.minutes} --people ${values.people}`);

const startedAt = Date.now();
const result = await makeChaos({
  seed,
  lengthMs,
  people: Number(values.people),
  say: (line) => console.error(line),
});
const seconds = Math.round((Date.now() - startedAt) / 1000);
const unmet = findUnmet(result, lengthMs);
if (values.json) {
  const { struck, deaths, findings, history, meetings } = result;
  const faults = Object.fromEntries(countsOf(struck.map(({ name }) => name)));
  const figures = {
    runs: history.runs.length,
    ended: endsOf(history.runs),
    faults,
    deaths: Object.fromEntries(countsOf(deaths.map(({ point }) => point))),
    meetings,
  };
  console.log(JSON.stringify({ bench: "chaos", seed, seconds, ...figures, unmet, findings }));
} else {
  report(result);
  for (const what of unmet.left) console.log(`not met: ${what}`);
}
for (const what of unmet.demanded) console.error(`Cannot pass: ${what}`);
process.exitCode = result.findings.length === 0 && unmet.demanded.length === 0 ? 0 : 1;

function report({ struck, deaths, ordered, history, findings, meetings }: ChaosResult): void {
  const times = new Map(ordered.map(({ id, ordered: { to }, overAt }) => [id, { acceptedAt: to, overAt }]));
  const touchedBy = (fault: string) =>
    findings.filter(({ runId = "" }) => {
      const { acceptedAt, overAt } = times.get(runId) ?? { acceptedAt: 0, overAt: Infinity };
      const isIn = ({ from, to }: { from: number; to: number }) => from <= overAt && to + aftermathMs >= acceptedAt;
      return struck.some((one) => one.name === fault && isIn(one));
    }).length;
  const counts = [...countsOf(struck.map(({ name }) => name))].toSorted(([one], [other]) => one.localeCompare(other));
  printTable(
    ["fault", "times", "findings while it lasted"],
    counts.map(([name, times]) => [name, times, touchedBy(name)]),
  );
  console.log();
  printTable(["a bridge died at", "times"], [...countsOf(deaths.map(({ point }) => point))]);
  console.log();
  printTable(
    ["invariant", "", "findings"],
    Object.entries(invariants).map(([name, means]) => [
      name,
      means,
      findings.filter((it) => it.invariant === name).length,
    ]),
  );
  for (const finding of findings.slice(0, shown)) console.log(lineOf(finding));
  console.log(
    "\nRuns that were at a step of docs/reliability-matrix.md while a fault lasted, and findings about them:\n",
  );
  printTable(
    ["fault", ...stepNames, "findings"],
    meetings.map(({ fault, findings: found, ...met }) => [fault, ...stepNames.map((step) => met[step]), found]),
  );
  const busiest = Math.max(0, ...busiestMinutes(history.ledger).values());
  console.log(
    `\n${history.runs.length} runs (${endsOf(history.runs)}), ${struck.length} faults; ` +
      `at most ${busiest} calls of a business unit in a minute; seed ${seed}, ${seconds} s`,
  );
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
