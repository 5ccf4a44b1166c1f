import type { Target } from "#protocol/target.ts";
import type { FailPointName } from "../../../src/queue-bridge/fail-point.ts";

export type Mode = "temp" | Target["mode"] | "self-update";

const shared = [
  "claim:after",
  "folders:after",
  "qd:before",
  "qd:after",
  "grant:before",
  "grant:after",
  "perform:after",
  "performed:after",
  "poll",
  "confirm:before",
  "ready:before",
  "ready:after",
  "cleanup:before",
  "cleanup:after",
] as const satisfies readonly FailPointName[];

/** The fail points that every run of a mode passes. */
export const everywhere: Readonly<Record<Mode, readonly FailPointName[]>> = {
  temp: [...shared, "de:before", "de:after"],
  overwrite: [...shared, "target:after"],
  append: [...shared, "target:after"],
  update: [...shared, "target:after"],
  "self-update": [...shared, "target:after"],
};

/** Those that a bridge passes only while runs wait for a slot. */
export const inCrowd = {
  "a run is called, not woken": "wake:before",
  "a run is woken": "wake:after",
} as const satisfies Record<string, FailPointName>;

/** The one that a run passes only when its rows did not fit its shell. */
export const inHealing = "misfit:after" satisfies FailPointName;
