import type { Sent } from "./send.ts";

/** What came of all requests, as a page of text: a row for each request, a column for each caller. */
export function printed(sent: readonly Sent[]): string {
  const callers = [...new Set(sent.map(({ caller }) => caller))];
  const letters = callers.map((_, at) => String.fromCodePoint(at < 26 ? 65 + at : 71 + at));
  const rows = [...Map.groupBy(sent, ({ ask, owner }) => `${ask}${isForThing(sent, ask) ? `, ${owner}'s` : ""}`)];
  const width = Math.max(...rows.map(([name]) => name.length));
  const grid = rows.map(([name, some]) => {
    const cells = callers.map((caller) => signOf(some.find((it) => it.caller === caller)));
    return `${name.padEnd(width)}  ${cells.join(" ")}`;
  });
  const counts = [...Map.groupBy(sent, ({ came }) => came)].map(([came, some]) => `${came}: ${some.length}`);
  const wrong = sent.filter(({ came, wanted }) => came !== wanted);
  return [
    ...callers.map((caller, at) => `${letters[at]} ${caller}`),
    "",
    `${"".padEnd(width)}  ${letters.join(" ")}`,
    ...grid,
    "",
    "+ let in, 1 UNAUTHENTICATED, 3 FORBIDDEN, - it does not exist for the caller, ! wrong",
    `${sent.length} answers, ${wrong.length} wrong. ${counts.toSorted().join(", ")}`,
  ].join("\n");
}

function isForThing(sent: readonly Sent[], ask: string): boolean {
  return sent.some((it) => it.ask === ask && it.owner !== "nobody");
}

function signOf(sent: Sent | undefined): string {
  if (sent === undefined) return " ";
  if (sent.came !== sent.wanted) return "!";
  // A tool's refusal has no status.
  if (sent.came.includes("UNAUTHENTICATED")) return "1";
  if (sent.came.includes("FORBIDDEN")) return "3";
  return sent.came === sent.yes ? "+" : "-";
}
