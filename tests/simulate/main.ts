import process from "node:process";
import { parseArgs } from "node:util";
import { tell, trySeed } from "./support/seeds.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const ends = new Map<string, number>();
const from = performance.now();
let broken = 0;

for (let seed = first; seed < first + count; seed += 1) {
  const found = await trySeed(seed, (outcome) => {
    for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
  });
  if (found === undefined) continue;
  broken += 1;
  process.stdout.write(`${tell(found)}\n\n`);
}
const seconds = ((performance.now() - from) / 1000).toFixed(0);
const told = [...ends].toSorted(([, one], [, other]) => other - one).map(([end, times]) => `${end} ${times}`);
process.stdout.write(`${count} seeds from ${first} in ${seconds} s: ${broken} broken; runs ended ${told.join(", ")}\n`);
process.exitCode = broken === 0 ? 0 : 1;
