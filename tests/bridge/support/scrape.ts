import { openMetrics } from "../../../src/queue-bridge/metrics/metrics.ts";

/** The samples of a bridge's `/metrics`, by name and labels as they stand there. */
export type Samples = ReadonlyMap<string, number>;

/** Reads a bridge's `/metrics`. */
export async function scrape(url: string): Promise<Samples> {
  const answer = await fetch(`${url}/metrics`);
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.slice(line.lastIndexOf(" ")))]));
}

/** The sum of a series over all samples whose labels contain these. */
export function sumOf(samples: Samples, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const own = [...samples].filter(
    ([key]) => (key === name || key.startsWith(`${name}{`)) && wanted.every((pair) => key.includes(pair)),
  );
  return own.reduce((sum, [, value]) => sum + value, 0);
}

/** The names of our own counters and histograms, which only move when something happens. */
export function ownSeries(): string[] {
  return openMetrics()
    .registry.getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => name.startsWith("sqe_"));
}
