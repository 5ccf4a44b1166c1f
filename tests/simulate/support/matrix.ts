import { rows, type Row } from "./matrix-rows.ts";
import { calmScript, type Mode, type Moment, type Script } from "./script.ts";
import { simulate, type Outcome } from "./simulate.ts";
import { ofObject, steps, type Place, type Step } from "./step.ts";

/** Which part of the matrix to play. */
type Part = {
  rows?: readonly number[];
  steps?: readonly Step[];
  modes: readonly Mode[];
  /** At how many moments of a step a fault strikes, at steps A and D four times as many; at all for Infinity. */
  places: number;
};

/** A script that broke, and its story. */
type Broken = { script: string; violations: readonly string[]; print: () => string };

/** What came of one fault at one step. */
export type Cell = {
  row: Row;
  step: Step;
  /** How many scripts struck there. */
  played: number;
  /** By how much their runs were over later than one in which nothing goes wrong, at most. */
  latestMs: number;
  broken: readonly Broken[];
  /** How the runs ended, and how often. */
  ends: ReadonlyMap<string, number>;
};

/** Plays a part of the matrix, cell by cell. */
export async function* playMatrix(part: Part): AsyncGenerator<Cell> {
  const calm = openCalm();
  for (const row of rows.filter(({ number }) => part.rows?.includes(number) ?? true)) {
    for (const step of part.steps ?? steps) yield await playCell(row, step, part, calm);
  }
}

type Calm = (mode: Mode, base: Partial<Script>) => Promise<Outcome>;

/** Runs in which nothing goes wrong. */
function openCalm(): Calm {
  const known = new Map<string, Promise<Outcome>>();
  return (mode, base) => {
    const key = `${mode} ${JSON.stringify(base)}`;
    const calm = known.get(key) ?? simulate(calmScript(mode, { ...base, strikes: [] }));
    known.set(key, calm);
    return calm;
  };
}

async function playCell(row: Row, step: Step, part: Part, calm: Calm): Promise<Cell> {
  const broken: Broken[] = [];
  const ends = new Map<string, number>();
  let [played, latestMs] = [0, 0];
  for (const mode of row.never?.[step] === undefined ? part.modes : []) {
    const base = { durationMs, ...row.base };
    const { places, tookMs } = await calm(mode, base);
    for (const script of scriptsOf(row, step, places, part.places)) {
      const outcome = await simulate(calmScript(mode, { ...base, ...script }));
      // What was struck first has changed what comes after.
      if (outcome.unstruck > 0) continue;
      played += 1;
      for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
      const lateMs = outcome.tookMs - tookMs;
      latestMs = Math.max(latestMs, lateMs);
      const violations = [
        ...outcome.violations,
        ...unexpected(row, step, mode, outcome),
        ...tooLate(row, step, lateMs),
      ];
      const told = `${mode}: ${JSON.stringify(script)}`;
      if (violations.length > 0) broken.push({ script: told, violations, print: outcome.print });
    }
  }
  if (played === 0 && row.never?.[step] === undefined) broken.push(unmet);
  return { row, step, played, latestMs, broken, ends };
}

/** So long that a query still runs when another bridge has taken over from a dead one. */
const durationMs = 20_000;

/** An empty cell needs a reason. */
const unmet: Broken = { script: "", violations: ["no script strikes there"], print: () => "" };

function scriptsOf(row: Row, step: Step, places: readonly Place[], count: number): readonly Partial<Script>[] {
  const isPlace = row.isPlace ?? ((what) => !ofObject(what));
  const whens = row.only === undefined ? (["before", "after"] as const) : [row.only];
  const moments = places
    .filter((place) => place.step === step && isPlace(place.what))
    .flatMap(({ nth }) => whens.map((when): Moment => ({ step, nth, when })));
  // Around the acceptance and the Perform each moment is another story.
  return spread(moments, step === "A" || step === "D" ? 4 * count : count).flatMap((moment) => row.scripts(moment));
}

/** So many of a list, evenly spread; one is the middle one. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * list.length) / count)).flatMap(
    (place) => list.slice(place, place + 1),
  );
}

/** One fault must not end a run that can go on. */
function unexpected({ number }: Row, step: Step, mode: Mode, { ends }: Outcome): string[] {
  const mayBeUnknown = step === "D" && mode === "append";
  const may = ["ready", ...(number === 22 ? ["canceled"] : []), ...(mayBeUnknown ? ["OUTCOME_UNKNOWN"] : [])];
  return ends.filter((end) => !may.includes(end)).map((end) => `the run ends as ${end}`);
}

function tooLate({ lateS }: Row, step: Step, lateMs: number): string[] {
  const mayS = step === "D" ? lateS + 60 : lateS;
  return lateMs > mayS * 1000 ? [`the run is over ${Math.ceil(lateMs / 1000)} s late`] : [];
}
