import { expect, test } from "vitest";
import { tryCancels, tryCrashes, tryStalls, windowOf } from "./support/crashes.ts";
import { modes } from "./support/script.ts";

/** They compute, beside others that do. */
const patienceMs = 900_000;

test.each(modes)(
  "a bridge dies before or after each effect, or loses its answer, in mode %s",
  async (mode) => {
    expect(await tryCrashes(mode, (effects) => effects.map((_, index) => index + 1))).toBe("");
  },
  patienceMs,
);

test.each(modes)(
  "a user cancels just before each effect of a bridge, which hears of it or not, in mode %s",
  async (mode) => {
    expect(await tryCancels(mode)).toBe("");
  },
  patienceMs,
);

test(
  "a bridge dies twice around the Perform of an append",
  async () => {
    expect(await tryCrashes("append", windowOf, windowOf)).toBe("");
  },
  patienceMs,
);

test.each(modes)(
  "a bridge stands still around the Perform while another one takes its run, in mode %s",
  async (mode) => {
    expect(await tryStalls(mode, windowOf)).toBe("");
  },
  patienceMs,
);
