import { given } from "#lang/given.ts";
import type { History } from "../history/history.ts";
import { inHandAt } from "./bridge-log.ts";
import type { Life, Struck, Touch } from "./meetings.ts";
import type { Ordered } from "./person.ts";
import { staysOf } from "./stays.ts";

/** What strikes single runs, and is not in the plan. */
export const aloneNames = {
  died: "its bridge dies",
  diedAgain: "its bridge dies again",
  canceled: "its user cancels",
} as const;

/** When each run of a time of chaos was at which step. */
export function livesOf({ runs }: History, all: readonly Ordered[]): readonly Life[] {
  const known = new Map(all.map((run) => [run.id, run]));
  return runs.map(({ id, moments }) => {
    const { ordered, client } = known.get(id) ?? {};
    const watched = (client?.streams ?? []).map(({ openedAt, closedAt }) => ({ from: openedAt, to: closedAt }));
    return { id, stays: staysOf({ ...given({ ordered, moments }), watched }) };
  });
}

/** The runs that the stack's own bridge had in hand whenever the plan killed it. @param log the bridge's */
export function deathsByPlan(struck: readonly Struck[], log: string): readonly Touch[] {
  const kills = struck.filter(({ name }) => name === "bridge killed");
  return inHandAt(
    log,
    kills.map(({ from }) => from),
  );
}

/** Which runs met what strikes single ones. @param deaths of bridges, with the runs that they had in hand */
export function struckAlone(ordered: readonly Ordered[], deaths: readonly Touch[]): readonly Struck[] {
  const always = { from: -Infinity, to: Infinity };
  const canceled = ordered.flatMap(({ id, canceled: span }) => (span === undefined ? [] : [{ runId: id, ...span }]));
  const inOrder = deaths.toSorted((one, other) => one.from - other.from);
  const again = inOrder.filter(({ runId }, at) => inOrder.findIndex((one) => one.runId === runId) < at);
  return [
    { name: aloneNames.died, ...always, only: deaths },
    { name: aloneNames.diedAgain, ...always, only: again },
    { name: aloneNames.canceled, ...always, only: canceled },
  ];
}
