import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyMoment, killCrowd, type Waits } from "./support/kill-crowd.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld({ isShared: true });
const table: string[] = [];

afterAll(() => void process.stdout.write(`\n${[head, ...table].join("\n")}\n`));

const head = "query  killed when                 up     waits of the runs that waited           last end";

function rowOf(seconds: number, moment: string, { upMs, waitsMs, lastEndMs }: Waits): string {
  const waits = waitsMs.map((ms) => inSeconds(ms)).join(" ");
  return [
    `${seconds} s`.padEnd(5),
    moment.padEnd(26),
    inSeconds(upMs).padEnd(5),
    waits.padEnd(40),
    inSeconds(lastEndMs),
  ].join("  ");
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

describe.each([1, 3, 10])("queries of %i s", (seconds) => {
  beforeAll(() => world.ask("behaviours", { durationMs: seconds * 1000 }));

  test.concurrent.each(everyMoment)(
    "a bridge killed when %s: a run that waits is preparing within 10 s of a bridge and a slot",
    async (moment) => {
      const waits = await killCrowd(world, moment);
      table.push(rowOf(seconds, moment, waits));
      expect(new Set(waits.statuses)).toEqual(new Set(["ready"]));
      expect(Math.max(0, ...waits.waitsMs)).toBeLessThan(10_000);
    },
    200_000,
  );
});
