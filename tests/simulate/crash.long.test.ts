import { expect, test } from "vitest";
import { tryCrashes, tryStalls, windowOf } from "./support/crashes.ts";
import { modes } from "./support/script.ts";

test.each(modes)(
  "a bridge dies around the Perform and again at each effect of its next life, in mode %s",
  async (mode) => {
    expect(await tryCrashes(mode, windowOf, (effects) => effects.map((_, index) => index + 1))).toBe("");
  },
  1_200_000,
);

test.each(modes)(
  "a bridge stands still at each effect while another one takes its run, in mode %s",
  async (mode) => {
    expect(await tryStalls(mode, (effects) => effects.map((_, index) => index + 1))).toBe("");
  },
  1_200_000,
);
