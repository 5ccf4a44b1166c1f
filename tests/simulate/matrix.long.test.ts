import { expect, test } from "vitest";
import { brokenOf } from "./support/matrix-print.ts";
import { playMatrix } from "./support/matrix.ts";
import { modes } from "./support/script.ts";

test.each(modes)(
  "each fault that is played strikes at each step of a run, in mode %s: every invariant holds",
  async (mode) => {
    const broken: string[] = [];
    for await (const cell of playMatrix({ modes: [mode], places: 1 })) broken.push(...brokenOf(cell));
    expect(broken).toEqual([]);
  },
  600_000,
);
