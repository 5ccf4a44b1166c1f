import { statusCall } from "./mce.ts";
import type { MceFault, Moment, Script, Strike } from "./script.ts";
import { steps, type Step } from "./step.ts";

type Blow = Strike extends infer S ? (S extends Strike ? Omit<S, "at"> : never) : never;

/** One fault of docs/reliability-matrix.md, as the simulation plays it. */
export type Row = {
  number: number;
  name: string;
  /** Whether it can meet what is done; by default what a bridge does. */
  isPlace?: (what: string) => boolean;
  /** The scripts that strike at a moment. */
  scripts: (at: Moment) => readonly Partial<Script>[];
  /** What its scripts have beside, before anything strikes. */
  base?: Partial<Script>;
  /** By how many seconds it may delay the end of a run, at most; at step D a minute more, where an answer is looked for. */
  lateS: number;
  /** Strikes only then: before what is done, because afterwards it is the same or too late; or after it. */
  only?: Moment["when"];
  /** The steps that it cannot meet, or that cannot be played, and why. */
  never?: Partial<Record<Step, string>>;
};

/** Two bridges, so that one goes on beside the other. */
const two: Partial<Script> = { skewsMs: [0, 0] };
const anyone = () => true;
const isCall = (what: string) => /^(SOAP|REST|AUTH) /.test(what);
const isChange = (what: string) => /^SOAP (Create|Delete|Perform)/.test(what);

const noBridge = "no bridge has the run yet";
const noCall = "Marketing Cloud is not asked yet";
const unasked = { A: noCall, B: noCall };
const at = (where: readonly Step[], why: string) => Object.fromEntries(where.map((step) => [step, why]));
const everywhere = (why: string) => at(steps, why);

/** Each of the ways is a script with one strike. */
function each(...blows: readonly Blow[]) {
  return (moment: Moment) => blows.map((blow): Partial<Script> => ({ strikes: [{ ...blow, at: moment }] }));
}

function mce(number: number, name: string, lateS: number, ...faults: readonly MceFault[]): Row {
  const blows = faults.map((fault): Blow => ({ kind: "MCE", fault }));
  return { number, name, lateS, isPlace: isCall, only: "before", never: unasked, scripts: each(...blows) };
}

/** The second comes at the next thing that is done at this step, by whichever bridge does it. */
const twice = (moment: Moment): readonly Partial<Script>[] => {
  const again: Moment = { ...moment, nth: "next" };
  return [{ strikes: [moment, again].map((one) => ({ kind: "kill" as const, at: one })) }];
};

/** A bridge ends what it has in hand; when it is lost as well, only the object knows of the run. */
const emptied = (moment: Moment): readonly Partial<Script>[] => {
  const alone: Strike = { kind: "redis emptied", at: moment };
  return [{ strikes: [alone] }, { strikes: [alone, { kind: "kill", at: moment }] }];
};

const sweeps = (moment: Moment): readonly Partial<Script>[] => {
  const doubled = ["one", "other"].map((sweepId): Strike => ({ kind: "sweep", sweepId, at: moment }));
  if (moment.step !== "G") return [{ strikes: doubled }];
  // What no clean-up can delete is left to the sweeps.
  const faults = [{ kind: "MCE", call: "SOAP Delete*", nth: 1, times: 100, fault: "503" }] as const;
  return [
    { strikes: doubled, faults, sweeps: "doubled" },
    { strikes: [], faults, sweeps: "missed" },
  ];
};

/** The faults of the matrix in its order. */
export const rows: readonly Row[] = [
  { number: 1, name: "bridge killed", lateS: 12, scripts: each({ kind: "kill" }), never: { A: noBridge } },
  { number: 2, name: "two kills of one run", lateS: 20, scripts: twice, never: { A: noBridge } },
  {
    number: 3,
    name: "event loop blocked, two runners",
    lateS: 12,
    base: two,
    // What is sent belongs to the turn of the event loop that decided it (D81): a process that stops in between is not played.
    only: "after",
    // Longer than the lock; longer than a Perform may wait for; longer than the object's patience.
    scripts: each(
      { kind: "stall", forMs: 12_000 },
      { kind: "stall", forMs: 40_000 },
      { kind: "stall", forMs: 100_000 },
    ),
    never: { A: noBridge },
  },
  { number: 4, name: "bridge stopped", lateS: 12, scripts: each({ kind: "deploy" }), never: { A: noBridge } },
  {
    number: 5,
    name: "Redis restarted, its data kept",
    lateS: 10,
    isPlace: anyone,
    scripts: each({ kind: "redis away", forMs: 2200 }),
  },
  { number: 6, name: "Redis loses everything", lateS: 240, isPlace: anyone, scripts: emptied },
  {
    number: 7,
    name: "Redis pauses",
    lateS: 20,
    base: two,
    isPlace: anyone,
    scripts: each({ kind: "redis away", forMs: 10_000 }),
  },
  {
    number: 8,
    name: "object evicted, edge restarted",
    lateS: 5,
    isPlace: anyone,
    scripts: each({ kind: "edge restart" }),
  },
  {
    number: 9,
    name: "edge out of the bridge's reach",
    lateS: 115,
    scripts: each({ kind: "bridges cut from edge", forMs: 20_000 }, { kind: "bridges cut from edge", forMs: 100_000 }),
    never: { A: "no bridge asks the edge yet" },
  },
  {
    number: 10,
    name: "reports lost, repeated, out of order",
    lateS: 15,
    // So long that a bridge has to say that it is alive.
    base: { durationMs: 100_000 },
    isPlace: (what) => what.startsWith("edge "),
    only: "before",
    scripts: each(
      { kind: "message", fate: "lost", ms: 0 },
      { kind: "message", fate: "unanswered", ms: 0 },
      { kind: "message", fate: "repeated", ms: 5000 },
      { kind: "message", fate: "unanswered", ms: 15_000 },
    ),
    never: { A: "no bridge reports yet" },
  },
  {
    number: 11,
    name: "Postgres away",
    lateS: 40,
    isPlace: anyone,
    scripts: each({ kind: "Postgres away", forMs: 20_000 }),
  },
  // A 401 of the token call refuses the connection itself, which no run survives.
  { ...mce(12, "MCE answers 401", 10, "token expired"), isPlace: (what) => /^(SOAP|REST) /.test(what) },
  mce(13, "MCE answers 429", 20, "429"),
  mce(14, "MCE answers 500 or 503", 12, "500", "503"),
  mce(15, "MCE hangs", 45, "hang"),
  mce(16, "an answer cut, or no XML", 12, "truncated", "cut before", "no XML"),
  {
    ...mce(17, "an answer twice, the same task", 10, "cut after"),
    isPlace: isChange,
    never: { ...unasked, E: "a poll changes nothing", F: "nothing is changed there" },
  },
  mce(18, "MCE is slow", 15, "slow"),
  {
    number: 19,
    name: "the status goes back",
    lateS: 25,
    base: { durationMs: 60_000 },
    isPlace: (what) => what === statusCall,
    only: "before",
    scripts: (moment) => each({ kind: "status", as: moment.step === "E" ? "Complete" : "Processing" })(moment),
    never: { ...at(["A", "B", "C", "D"], "no status is asked for yet"), G: "no status is asked for any more" },
  },
  {
    number: 20,
    name: "clocks differ",
    lateS: 3,
    scripts: each({ kind: "clock set", byMs: 300_000 }, { kind: "clock set", byMs: -300_000 }),
    never: { A: noBridge },
  },
  {
    number: 21,
    name: "a job delivered twice",
    lateS: 3,
    base: two,
    isPlace: anyone,
    scripts: each({ kind: "delivered again", isSame: true }, { kind: "delivered again", isSame: false }),
  },
  {
    number: 22,
    name: "cancel against the end",
    lateS: 1,
    isPlace: anyone,
    scripts: each({ kind: "cancel", isHeard: true }, { kind: "cancel", isHeard: false }),
  },
  {
    number: 23,
    name: "all watchers come back at once",
    lateS: 0,
    scripts: () => [],
    never: everywhere("nobody watches"),
  },
  { number: 24, name: "a slow reader", lateS: 0, scripts: () => [], never: everywhere("nobody watches") },
  {
    number: 25,
    name: "the hourly trigger is missed or doubled",
    lateS: 3,
    isPlace: anyone,
    only: "before",
    scripts: sweeps,
  },
  {
    number: 26,
    name: "a job that nobody can do",
    lateS: 0,
    scripts: () => [],
    never: everywhere("needs a bug in the bridge's code"),
  },
];
