import { complete, lost, missing, processing, queued, row, target, temp, type Moment } from "./end-patterns.ts";
import type { Terms } from "../../../src/queue-bridge/verdict/verdict.ts";

/** The expected verdict where an answer is lost, late or cannot be read. */
export const lostPatterns: [name: string, terms: Terms, story: [Moment, expected: string][]][] = [
  [
    "the status row cannot be read from the end on: an error in it would be missed",
    temp,
    [
      [[9, processing, true], "running"],
      [[30, null, false, 0], "running"],
      [[51, null, false, 0], "unsure: not-listed-yet"],
      [[300, null, false, 0], "unsure: not-listed-yet"],
      [[301, row("Error", "Overflow"), false], "failed: error-status"],
    ],
  ],
  [
    "the status row cannot be read from the end on, and rows prove it: a failed query may have left them",
    temp,
    [
      [[9, queued, true], "running"],
      [[30, null, false, 7], "unsure: not-settled"],
      [[31, null, false, 7], "unsure: not-listed-yet"],
      [[49, null, false, 7], "unsure: not-listed-yet"],
      [[50, null, false, 7], "done: stopped-after-running"],
    ],
  ],
  [
    "the status row of a failed query that left rows can be read again",
    temp,
    [
      [[9, queued, true], "running"],
      [[30, null, false, 7], "unsure: not-settled"],
      [[31, null, false, 7], "unsure: not-listed-yet"],
      [[35, row("Queued", "Overflow"), false, 7], "failed: error-message"],
    ],
  ],
  [
    "a Perform that was answered late: the graces count from there",
    { ...temp, sentMs: 41_000 },
    [
      [[42, complete, false, 7], "unsure: not-settled"],
      [[42.5, queued, false, 7], "running"],
      [[60, queued, false, 7], "running"],
      [[61, queued, false, 0], "unsure: may-not-have-begun"],
      [[80, queued, false, 0], "unsure: may-not-have-begun"],
      [[81, queued, false, 0], "done: never-seen-running"],
    ],
  ],
  [
    "a Perform that was answered late, and a row that registers late",
    { ...temp, sentMs: 41_000 },
    [
      [[42, missing, true], "running"],
      [[43, missing, false, 0], "unsure: not-settled"],
      [[50, missing, false, 0], "unsure: not-listed-yet"],
      [[61, missing, false, 0], "done: stopped-after-running"],
    ],
  ],
  [
    "TaskID lost, rows there",
    lost,
    [
      [[1, null, true], "running"],
      [[3, null, false, 7], "unsure: not-settled"],
      [[4, null, false, 7], "done: stopped-after-running"],
    ],
  ],
  [
    "TaskID lost, no rows: never ready",
    lost,
    [
      [[1, null, true], "running"],
      [[3, null, false, 0], "unsure: not-settled"],
      [[6, null, false, 0], "failed: never-shown"],
    ],
  ],
  [
    "a target whose TaskID is lost: nobody knows how it ended",
    { ...target, isTaskKnown: false },
    [
      [[1, null, true], "running"],
      [[3, null, false, 500], "unsure: not-settled"],
      [[6, null, false, 500], "failed: never-shown"],
    ],
  ],
  [
    "a Complete that is not heard again does not stand",
    temp,
    [
      [[1, complete, false, "silent"], "unsure: not-settled"],
      [[9, null, false, 7], "running"],
      [[12, complete, false, 7], "unsure: rows-not-settled"],
      [[13, complete, false, 7], "done: complete-stands"],
    ],
  ],
  [
    "no answer at all",
    temp,
    [
      [[1, null, null], "running"],
      [[9, null, null], "running"],
      [[12, null, true], "running"],
    ],
  ],
  [
    "isrunning cannot be asked: Complete has to stand for the grace",
    temp,
    [
      [[2, complete, null], "unsure: still-said-to-run"],
      [[22, complete, null, 7], "unsure: rows-not-settled"],
    ],
  ],
];
