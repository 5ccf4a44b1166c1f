import { complete, missing, processing, queued, row, type Moment } from "./end-patterns.ts";

/** Patterns of MCE 6 and 12.1 as a run into a target meets them: no row proves anything, so only MCE's own words count. */
export const targetPatterns: [name: string, story: [Moment, expected: string][]][] = [
  [
    "Queued, Processing, Complete as the manual says",
    [
      [[1, queued, true], "running"],
      [[2, processing, true], "running"],
      [[3, complete, false, "uncounted"], "done: complete-and-stopped"],
    ],
  ],
  [
    "never registered, seen running: the row may come late and tell of an error",
    [
      [[1, missing, true], "running"],
      [[2, missing, false, "uncounted"], "unsure: not-settled"],
      [[5, missing, false, "uncounted"], "unsure: not-listed-yet"],
      [[20, missing, false, "uncounted"], "done: stopped-after-running"],
    ],
  ],
  [
    "registered after the end, with an error",
    [
      [[1, missing, true], "running"],
      [[2, missing, false, "uncounted"], "unsure: not-settled"],
      [[5, missing, false, "uncounted"], "unsure: not-listed-yet"],
      [[6, row("Error", "Overflow"), false, "uncounted"], "failed: error-status"],
    ],
  ],
  [
    "the status row cannot be read when it ends",
    [
      [[9, queued, true], "running"],
      [[30, null, false, "uncounted"], "unsure: not-settled"],
      [[33, null, false, "uncounted"], "unsure: not-listed-yet"],
      [[300, null, false, "uncounted"], "unsure: not-listed-yet"],
      [[301, queued, false, "uncounted"], "done: stopped-after-running"],
    ],
  ],
  [
    "Processing, and isrunning never wakes up: it is believed to run",
    [
      [[1, processing, false, "uncounted"], "running"],
      [[40, processing, false, "uncounted"], "running"],
      [[300, processing, false, "uncounted"], "running"],
      [[310, complete, false, "uncounted"], "done: complete-and-stopped"],
    ],
  ],
  [
    "stuck on Processing, and isrunning never wakes up: not for ever",
    [
      [[1, processing, false, "uncounted"], "running"],
      [[301, processing, false, "uncounted"], "done: never-seen-running"],
    ],
  ],
  [
    "isrunning that is false for a moment while the status is stuck",
    [
      [[1, queued, true], "running"],
      [[4, queued, false, "uncounted"], "unsure: not-settled"],
      [[6.9, queued, false, "uncounted"], "unsure: not-settled"],
      [[7.5, queued, true], "running"],
    ],
  ],
  [
    "never registered, never running: nobody can tell",
    [
      [[1, missing, false, "uncounted"], "running"],
      [[20, missing, false, "uncounted"], "unsure: may-not-have-begun"],
      [[40, missing, false, "uncounted"], "failed: never-shown"],
    ],
  ],
  [
    "Queued for ever, seen running",
    [
      [[1, queued, true], "running"],
      [[30, queued, true], "running"],
      [[36, queued, false, "uncounted"], "unsure: not-settled"],
      [[39, queued, false, "uncounted"], "done: stopped-after-running"],
    ],
  ],
  [
    "isrunning false right after the start, then true",
    [
      [[1, queued, false, "uncounted"], "running"],
      [[5, queued, false, "uncounted"], "running"],
      [[7, queued, true], "running"],
      [[12, complete, false, "uncounted"], "done: complete-and-stopped"],
    ],
  ],
  [
    "isrunning false right after the start, and a status row that comes late",
    [
      [[1, missing, false, "uncounted"], "running"],
      [[4, processing, false, "uncounted"], "running"],
      [[7, processing, true], "running"],
      [[12, complete, false, "uncounted"], "done: complete-and-stopped"],
    ],
  ],
  [
    "Complete, then Processing again, isrunning asleep",
    [
      [[1, complete, false, "uncounted"], "unsure: not-settled"],
      [[2, processing, false, "uncounted"], "running"],
      [[3, complete, false, "uncounted"], "unsure: not-settled"],
      [[4, complete, false, "uncounted"], "done: complete-stands"],
    ],
  ],
  [
    "Complete, then Processing again, isrunning awake",
    [
      [[2, complete, true, "uncounted"], "unsure: still-said-to-run"],
      [[21, complete, true, "uncounted"], "unsure: still-said-to-run"],
      [[21.5, processing, true], "running"],
      [[30, complete, false, "uncounted"], "done: complete-and-stopped"],
    ],
  ],
  ["error text in Status", [[[2, row("Query Error 17"), true], "failed: error-status"]]],
  ["ErrorMsg without Error", [[[2, row("Complete", "Divide by zero"), false], "failed: error-message"]]],
  [
    "an error of a row that hung before",
    [
      [[9, queued, true], "running"],
      [[12, row("Queued", "Overflow"), false], "failed: error-message"],
    ],
  ],
  [
    "the status row can never be read: nobody knows, and after five minutes says so",
    [
      [[9, null, false, "uncounted"], "running"],
      [[20, null, false, "uncounted"], "unsure: not-listed-yet"],
      [[308, null, false, "uncounted"], "unsure: not-listed-yet"],
      [[309, null, false, "uncounted"], "failed: never-shown"],
    ],
  ],
];
