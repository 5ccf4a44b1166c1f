import { printTable, quantile } from "../stack/figures.ts";

/** What was measured at one time, in MB, by name. */
export type Sample = { atMs: number; mb: ReadonlyMap<string, number> };

/** Medians of a series in each third of the time, in MB, and what the last one has more than the middle one, in an hour. */
export type Growth = { name: string; thirds: readonly [number, number, number]; mbAnHour: number };

const hourMs = 3_600_000;

/** @param samples in order. @param speed hours of the sandbox in an hour of this machine */
export function growthsOf(samples: readonly Sample[], speed: number): readonly Growth[] {
  const from = samples.at(0)?.atMs ?? 0;
  const lengthMs = (samples.at(-1)?.atMs ?? 0) - from;
  const third = (at: number) => Math.min(2, Math.floor((3 * (at - from)) / lengthMs));
  const names = [...new Set(samples.flatMap(({ mb }) => [...mb.keys()]))];
  return names.map((name) => {
    const medianOf = (wanted: number) =>
      quantile(
        samples.flatMap(({ atMs, mb }) => (third(atMs) === wanted ? [mb.get(name) ?? []].flat() : [])),
        0.5,
      );
    const thirds = [medianOf(0), medianOf(1), medianOf(2)] as const;
    const hours = ((lengthMs / 3) * speed) / hourMs;
    return { name, thirds, mbAnHour: (thirds[2] - thirds[1]) / hours };
  });
}

/** Prints growths, a line for each. */
export function printGrowths(growths: readonly Growth[]): void {
  printTable(
    ["MB", "first third", "middle", "last third", "growth an hour"],
    growths.map(({ name, thirds, mbAnHour }) => [name, ...thirds, mbAnHour]),
  );
  console.log();
}
