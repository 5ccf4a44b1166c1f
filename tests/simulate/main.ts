import process from "node:process";
import { parseArgs } from "node:util";
import { brokenOf, printMatrix } from "./support/matrix-print.ts";
import { playMatrix, type Cell } from "./support/matrix.ts";
import { modes } from "./support/script.ts";
import { tell, trySeed } from "./support/seeds.ts";
import { steps } from "./support/step.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    matrix: { type: "boolean", default: false },
    row: { type: "string", multiple: true },
    step: { type: "string", multiple: true },
    mode: { type: "string", multiple: true },
    places: { type: "string", default: "2" },
  },
});
const from = performance.now();
const seconds = () => ((performance.now() - from) / 1000).toFixed(0);
const broken = values.matrix ? await strikeEverywhere() : await tryRandom(Number(values.seed), Number(values.seeds));
process.exitCode = broken === 0 ? 0 : 1;

/** Plays seeds. @returns how many broke */
async function tryRandom(first: number, count: number): Promise<number> {
  const ends = new Map<string, number>();
  let found = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const one = await trySeed(seed, (outcome) => {
      for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    });
    if (one === undefined) continue;
    found += 1;
    process.stdout.write(`${tell(one)}\n\n`);
  }
  const told = [...ends].toSorted(([, one], [, other]) => other - one).map(([end, times]) => `${end} ${times}`);
  process.stdout.write(
    `${count} seeds from ${first} in ${seconds()} s: ${found} broken; runs ended ${told.join(", ")}\n`,
  );
  return found;
}

/** Strikes each fault at each step; one cell of one mode tells the story of what broke there. @returns how many broke */
async function strikeEverywhere(): Promise<number> {
  const given = <T extends string>(known: readonly T[], names?: readonly string[]) =>
    known.filter((one) => names?.includes(one) ?? true);
  const part = {
    ...(values.row && { rows: values.row.map(Number) }),
    steps: given(steps, values.step),
    modes: given(modes, values.mode),
    places: values.places === "all" ? Infinity : Number(values.places),
  };
  const cells: Cell[] = [];
  for await (const cell of playMatrix(part)) {
    cells.push(cell);
    for (const line of brokenOf(cell)) process.stdout.write(`${line}\n`);
  }
  const all = cells.flatMap((cell) => cell.broken);
  if (cells.length === 1) process.stdout.write(`${all[0]?.print() ?? ""}\n`);
  process.stdout.write(`${printMatrix(cells)}\nin ${seconds()} s\n`);
  return all.length;
}
