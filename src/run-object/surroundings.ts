import type { EdgeLog } from "./log.ts";

/** What the parts of a run object take from outside, so that a simulation can put in its own. */
export type Surroundings = {
  /** Epoch milliseconds. */
  now: () => number;
  log: EdgeLog;
  sha256: (text: string) => Promise<string>;
};
