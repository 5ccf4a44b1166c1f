import type { Poll } from "../../../src/queue-bridge/verdict/signals.ts";
import type { Terms } from "../../../src/queue-bridge/verdict/verdict.ts";

export const temp: Terms = {
  graceMs: 20_000,
  settleMs: 900,
  stoppedAloneMs: 3000,
  sentMs: 0,
  isTaskKnown: true,
  rowsProve: true,
};
export const target: Terms = { ...temp, rowsProve: false };
export const lost: Terms = { ...temp, isTaskKnown: false };

type Row = NonNullable<Poll["row"]>;
export const row = (status: string, errorMsg = ""): Row => ({ status, errorMsg });
export const missing: Row = "missing";
export const queued = row("Queued");
export const processing = row("Processing");
export const complete = row("Complete");

/**
 * One poll: second, status row (null: no answer), isrunning (null: no answer), and what the rowset would answer;
 * `uncounted`: a target's, whose rows nobody counts.
 */
export type Moment = [
  second: number,
  row: Row | null,
  isRunning: boolean | null,
  rows?: "silent" | "uncounted" | number,
];

/** Patterns of MCE 6 and 12.1, second by second, each with the expected verdict. */
export const patterns: [name: string, terms: Terms, story: [Moment, expected: string][]][] = [
  [
    "Queued, Processing, Complete as the manual says",
    temp,
    [
      [[1, queued, true], "running"],
      [[2, processing, true], "running"],
      [[3, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  [
    "a row that registers late",
    temp,
    [
      [[1, missing, false], "running"],
      [[2, missing, true], "running"],
      [[3.4, processing, true], "running"],
      [[5, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  [
    "never registered, seen running: its rows prove it",
    temp,
    [
      [[1, missing, true], "running"],
      [[2, missing, false, 7], "unsure: not-settled"],
      [[3, missing, false, 7], "done: stopped-after-running"],
    ],
  ],
  [
    "never registered, seen running, no rows: a failed query has none either",
    temp,
    [
      [[1, missing, true], "running"],
      [[2, missing, false, 0], "unsure: not-settled"],
      [[5, missing, false, 0], "unsure: not-listed-yet"],
      [[20, missing, false, 0], "done: stopped-after-running"],
    ],
  ],
  [
    "never registered, never running, no rows: nobody can tell",
    temp,
    [
      [[1, missing, false, 0], "running"],
      [[20, missing, false, 0], "unsure: may-not-have-begun"],
      [[39, missing, false, 0], "unsure: may-not-have-begun"],
      [[40, missing, false, 0], "failed: never-shown"],
    ],
  ],
  [
    "Queued for ever, seen running",
    temp,
    [
      [[1, queued, true], "running"],
      [[30, queued, true], "running"],
      [[36, queued, false, 7], "unsure: not-settled"],
      [[37, queued, false, 7], "done: stopped-after-running"],
    ],
  ],
  [
    "Queued for ever, over before isrunning ever said true: not before the grace",
    temp,
    [
      [[1, queued, false, 7], "running"],
      [[19.9, queued, false, 7], "running"],
      [[20, queued, false, 7], "unsure: rows-not-settled"],
      [[21, queued, false, 7], "done: never-seen-running"],
    ],
  ],
  [
    "isrunning false right after the start, then true",
    temp,
    [
      [[1, queued, false], "running"],
      [[5, queued, false], "running"],
      [[7, queued, true], "running"],
      [[9, processing, true], "running"],
      [[12, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  [
    "Complete while isrunning has not woken up: it has to stand",
    temp,
    [
      [[1, complete, false, 7], "unsure: not-settled"],
      [[2, complete, false, 7], "done: complete-stands"],
    ],
  ],
  [
    "Complete, then Processing again, isrunning asleep",
    temp,
    [
      [[1, complete, false, "silent"], "unsure: not-settled"],
      [[2, processing, false, "silent"], "running"],
      [[3, complete, false, "silent"], "unsure: not-settled"],
      [[4, complete, false, "silent"], "unsure: rowset-silent"],
      [[5, complete, false, 7], "unsure: rows-not-settled"],
      [[6, complete, false, 7], "done: complete-stands"],
    ],
  ],
  [
    "Complete, then Processing again, isrunning awake",
    temp,
    [
      [[1, processing, true], "running"],
      [[2, complete, true], "unsure: still-said-to-run"],
      [[3, processing, true], "running"],
      [[9, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  [
    "Complete, and isrunning never stops",
    temp,
    [
      [[2, complete, true], "unsure: still-said-to-run"],
      [[21, complete, true], "unsure: still-said-to-run"],
      [[22, complete, true, 7], "unsure: rows-not-settled"],
    ],
  ],
  [
    "New, Pending, Queued: all of them wait",
    temp,
    [
      [[1, row("New"), false], "running"],
      [[2, row("Pending"), false], "running"],
      [[7, queued, true], "running"],
      [[9, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  ["a status that can mean nothing good", temp, [[[2, row("Canceled"), true], "failed: error-status"]]],
  [
    "isrunning that is false for a moment, and no row that bears it out",
    temp,
    [
      [[1, queued, true], "running"],
      [[4, queued, false, 0], "unsure: not-settled"],
      [[5, queued, false, 0], "unsure: not-settled"],
      [[6, queued, true], "running"],
    ],
  ],
  ["error text in Status", temp, [[[2, row("Query Error 17"), true], "failed: error-status"]]],
  ["ErrorMsg without Error", temp, [[[2, row("Complete", "Divide by zero"), false], "failed: error-message"]]],
  ["ErrorMsg while it is said to run", target, [[[2, row("Processing", "Overflow"), true], "failed: error-message"]]],
  [
    "the rowset is late",
    temp,
    [
      [[2, processing, true], "running"],
      [[4, complete, false, "silent"], "unsure: rowset-silent"],
      [[5, complete, false, "silent"], "unsure: rowset-silent"],
      [[6, complete, false, 7], "done: complete-and-stopped"],
    ],
  ],
  [
    "an empty result is looked at twice",
    temp,
    [
      [[2, processing, true], "running"],
      [[4, complete, false, 0], "unsure: rows-not-settled"],
      [[5, complete, false, 0], "done: complete-and-stopped"],
    ],
  ],
  [
    "0 rows with a stuck status, seen running",
    temp,
    [
      [[1, queued, true], "running"],
      [[4, queued, false, 0], "unsure: not-settled"],
      [[6.9, queued, false, 0], "unsure: not-settled"],
      [[7, queued, false, 0], "done: stopped-after-running"],
    ],
  ],
  [
    "0 rows with a stuck status, never seen running: it may still wait in MCE's queue",
    temp,
    [
      [[20, queued, false, 0], "running"],
      [[21, queued, false, 0], "unsure: may-not-have-begun"],
      [[30, queued, true], "running"],
      [[33, queued, false, 3], "unsure: not-settled"],
      [[34, queued, false, 3], "done: stopped-after-running"],
    ],
  ],
  [
    "0 rows with a stuck status, never seen running at all",
    temp,
    [
      [[19, queued, false, 0], "running"],
      [[21, queued, false, 0], "unsure: may-not-have-begun"],
      [[40, queued, false, 0], "done: never-seen-running"],
    ],
  ],
  [
    "rows before the end are not asked for",
    temp,
    [
      [[1, queued, true, 5], "running"],
      [[2, processing, true, 5], "running"],
      [[9, complete, false, 9], "done: complete-and-stopped"],
    ],
  ],
  [
    "rows that still grow when the status is stuck",
    temp,
    [
      [[1, queued, true], "running"],
      [[3, queued, false, 5], "unsure: not-settled"],
      [[4, queued, false, 9], "unsure: rows-not-settled"],
      [[5, queued, false, 9], "done: stopped-after-running"],
    ],
  ],
  [
    "Processing and isrunning disagree for long",
    temp,
    [
      [[1, processing, true], "running"],
      [[2, processing, false], "running"],
      [[21, processing, false], "running"],
      [[22, processing, false, 7], "unsure: rows-not-settled"],
    ],
  ],
  [
    "a target's rows are old ones: they neither shorten nor prove",
    target,
    [
      [[1, queued, false, 500], "running"],
      [[2, processing, true, 500], "running"],
      [[4, complete, false, 500], "done: complete-and-stopped"],
    ],
  ],
  [
    "a target with a stuck status, never seen running, gets twice the grace",
    target,
    [
      [[20, queued, false, 500], "running"],
      [[21, queued, false, 500], "unsure: may-not-have-begun"],
      [[39, queued, false, 500], "unsure: may-not-have-begun"],
      [[40, queued, false, 500], "done: never-seen-running"],
    ],
  ],
];
