import { rows, type Row } from "./matrix-rows.ts";
import { calmScript, type Mode, type Moment, type Script } from "./script.ts";
import { simulate, type Outcome } from "./simulate.ts";
import { ofObject, steps, type Place, type Step } from "./step.ts";

/** Which part of the matrix to play. */
type Part = {
  rows?: readonly number[];
  steps?: readonly Step[];
  modes: readonly Mode[];
  /** At how many places of a step each script strikes, evenly spread; all for Infinity. */
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

type Calm = (mode: Mode, base: Partial<Script>) => Promise<readonly Place[]>;

/** The places of runs in which nothing goes wrong. */
function openCalm(): Calm {
  const known = new Map<string, Promise<readonly Place[]>>();
  return (mode, base) => {
    const key = `${mode} ${JSON.stringify(base)}`;
    const places = known.get(key) ?? simulate(calmScript(mode, { ...base, strikes: [] })).then((one) => one.places);
    known.set(key, places);
    return places;
  };
}

async function playCell(row: Row, step: Step, part: Part, calm: Calm): Promise<Cell> {
  const broken: Broken[] = [];
  const ends = new Map<string, number>();
  let played = 0;
  for (const mode of row.never?.[step] === undefined ? part.modes : []) {
    const base = { durationMs, ...row.base };
    const places = await calm(mode, base);
    for (const script of scriptsOf(row, step, places, part.places)) {
      const outcome = await simulate(calmScript(mode, { ...base, ...script }));
      // What was struck first has changed what comes after.
      if (outcome.unstruck > 0) continue;
      played += 1;
      for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
      const violations = [...outcome.violations, ...unexpected(row, step, mode, outcome)];
      const told = `${mode}: ${JSON.stringify(script)}`;
      if (violations.length > 0) broken.push({ script: told, violations, print: outcome.print });
    }
  }
  if (played === 0 && row.never?.[step] === undefined) broken.push(unmet);
  return { row, step, played, broken, ends };
}

/** So long that a query still runs when another bridge has taken over from a dead one. */
const durationMs = 20_000;

/** An empty cell needs a reason. */
const unmet: Broken = { script: "", violations: ["no script strikes there"], print: () => "" };

function scriptsOf(row: Row, step: Step, places: readonly Place[], count: number): readonly Partial<Script>[] {
  const isPlace = row.isPlace ?? ((what) => !ofObject(what));
  const whens = row.isBefore === undefined ? (["before", "after"] as const) : (["before"] as const);
  const moments = places
    .filter((place) => place.step === step && isPlace(place.what))
    .flatMap(({ nth }) => whens.map((when): Moment => ({ step, nth, when })));
  return spread(moments, count).flatMap((moment) => row.scripts(moment));
}

/** So many of a list: the first, the last, and others evenly between; one is the middle one. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  if (count === 1) return list.slice(list.length / 2, list.length / 2 + 1);
  const places = Array.from({ length: count }, (_, index) => Math.round((index * (list.length - 1)) / (count - 1)));
  return list.filter((_, index) => places.includes(index));
}

/** One fault must not end a run that can go on. */
function unexpected({ number }: Row, step: Step, mode: Mode, { ends }: Outcome): string[] {
  const mayBeUnknown = step === "D" && mode === "append";
  const may = ["ready", ...(number === 22 ? ["canceled"] : []), ...(mayBeUnknown ? ["OUTCOME_UNKNOWN"] : [])];
  return ends.filter((end) => !may.includes(end)).map((end) => `the run ends as ${end}`);
}
