/** One thing that happened: when, who did it, and what. */
type Event = { at: number; who: string; what: string };

/** What happened in a simulated world, in order, for people to read. */
export type History = {
  note(who: string, what: string): void;
  /** The history as text, a line for each event, with the seconds since the start. */
  print(): string;
};

/** Opens an empty history. @param names what long ids are called in it, such as `r1` for a run's */
export function openHistory(now: () => number, names: ReadonlyMap<string, string>): History {
  const start = now();
  const events: Event[] = [];
  const named = (text: string) => {
    let short = text;
    for (const [id, name] of names) short = short.replaceAll(id, name);
    return short;
  };
  return {
    note: (who, what) => void events.push({ at: now(), who, what }),
    print: () =>
      events
        .map(({ at, who, what }) => {
          const seconds = ((at - start) / 1000).toFixed(3).padStart(9);
          return `${seconds} s  ${named(who).padEnd(12)}  ${named(what)}`;
        })
        .join("\n"),
  };
}

/** The facts of a log line as words; times and places in the code say nothing here. */
export function words(facts: object = {}): string {
  const dull = new Set(["places", "tenantId", "mid", "ms", "traceId", "entryId", "runId"]);
  return Object.entries(facts)
    .filter(([name, value]) => !dull.has(name) && value !== undefined)
    .map(([name, value]) => ` ${name} ${String(value)}`)
    .join(",");
}
