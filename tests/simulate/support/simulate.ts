import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import { owedAssets } from "#run/ledger.ts";
import { isOver } from "#protocol/run-status.ts";
import { checkInvariants } from "./invariants.ts";
import type { Script } from "./script.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Place } from "./step.ts";

const minute = 60_000;
const hour = 60 * minute;
/** By then every run is over: the longest run, the object's grace, and the time that the worst faults of a script cost. */
const overWithinMs = 40 * minute;

/** What came of a script. */
export type Outcome = {
  /** The invariants that did not hold, in words; empty: all held. */
  violations: readonly string[];
  /** How each run ended: its status, or its error's code. */
  ends: readonly string[];
  /** How long the first run took until it was over. */
  tookMs: number;
  /** What each life of a bridge did to others until all runs were over and cleaned up. */
  effects: readonly (readonly string[])[];
  /** Where strikes could come, in order; empty for a script without a list of them. */
  places: readonly Place[];
  /** How many strikes of the script have not come. */
  unstruck: number;
  /** All that happened, for people to read. */
  print: () => string;
};

/** Plays a script to its end, a day later, and checks the invariants. */
export async function simulate(script: Script): Promise<Outcome> {
  const stage = openStage(script);
  try {
    await stage.start();
    const late = await runsOver(stage, script);
    await cleanedUp(stage);
    const effects = stage.lives.map((life) => [...life.effects]);
    const places = [...stage.strikes.places];
    const unstruck = stage.strikes.left();
    if (late.length === 0) await dayAfter(stage, script);
    const violations = [...late, ...checkInvariants(stage, script)];
    return {
      violations,
      ends: stage.objects.ids().map((id) => endOf(stage, id)),
      tookMs: tookMsOf(stage),
      effects,
      places,
      unstruck,
      print: () => stage.history.print(),
    };
  } finally {
    stage.close();
  }
}

/** Passes time until all runs are over. @returns the runs that are not */
async function runsOver({ clock, objects }: Stage, { runs }: Script): Promise<string[]> {
  const lastAt = Math.max(0, ...runs.map(({ at }) => at));
  const until = clock.now() + lastAt + overWithinMs;
  const living = () => objects.ids().filter((id) => !isOver(objects.record(id)?.run.status ?? "queued"));
  while (objects.ids().length < runs.length || living().length > 0) {
    if (clock.now() > until) return living().map((id) => `I1: ${id} is not over`);
    await clock.pass(2000);
  }
  return [];
}

/** Passes time until no run owes anything that it could delete now, or its object has given up. */
async function cleanedUp({ clock, objects, isCalmAt }: Stage): Promise<void> {
  const until = clock.now() + 10 * minute;
  const isOwing = () =>
    objects.ids().some((id) => {
      const record = objects.record(id);
      return record !== undefined && owedAssets(record.ledger, record.run, clock.now()).length > 0;
    });
  while (clock.now() < isCalmAt() || (isOwing() && clock.now() < until)) await clock.pass(1000);
  // Messages under way arrive.
  await clock.pass(minute);
}

/** Lets the results expire, and sweeps twice. */
async function dayAfter(stage: Stage, { sweeps }: Script): Promise<void> {
  const { clock, redis, history } = stage;
  stage.heal();
  // Time passes quickly while no bridge asks anybody for anything.
  await clock.pass(24 * hour);
  stage.resume();
  await cleanedUp(stage);
  for (const sweepId of sweeps === "missed" ? ["sweep-2"] : ["sweep-1", "sweep-2"]) {
    history.note("clock", `puts ${sweepId}`);
    for (const id of sweeps === "doubled" ? [sweepId, `${sweepId} again`] : [sweepId]) {
      const command = { kind: "sweep", sweepId: id, at: clock.now(), isDryRun: false };
      redis.xadd(intakeStream, [intakeField, JSON.stringify(command)]);
    }
    await clock.pass(minute);
  }
}

function tookMsOf({ objects }: Stage): number {
  const [id] = objects.ids();
  const run = id && objects.record(id)?.run;
  return run !== undefined && "endedAt" in run ? run.endedAt - run.createdAt : Infinity;
}

function endOf({ objects }: Stage, id: ReturnType<Stage["objects"]["ids"]>[number]): string {
  const run = objects.record(id)?.run;
  return run?.status === "failed" ? run.error.code : (run?.status ?? "gone");
}
