import { canaryKinds, type Canary, type CanaryKind } from "./canary.ts";
import type { Hit } from "./search.ts";

/** A hit in a sink. */
export type Found = Hit & { sink: string; place: string };

/** What may be found where, and why. */
const allowed: readonly { kinds: readonly CanaryKind[]; sinks: readonly string[]; why: string }[] = [
  {
    kinds: ["column name"],
    sinks: [
      "Redis stream",
      "Redis commands",
      "Postgres rows",
      "Postgres files",
      "objects' SQLite",
      "objects' files",
      "run as shown",
      "trace of a run",
    ],
    why: "the names of a result's columns are part of what is shown of a run (SECURITY.md)",
  },
  {
    kinds: ["secret", "bearer token"],
    sinks: ["files of .dev"],
    why: "a local stack keeps its settings and its people's tokens in files that only its user can read",
  },
  {
    kinds: ["secret"],
    sinks: ["log of the sandbox"],
    why: "the sandbox prints its two packages, whose secrets are public",
  },
];

/** Sinks where every proof leaves the ids of its runs. One without them was not really read. */
export const seeing: readonly string[] = [
  "Redis hash",
  "Redis zset",
  "Redis stream",
  "Redis commands",
  "Postgres rows",
  "Postgres files",
  "objects' SQLite",
  "objects' files",
  "log of the bridge",
  "log of the edge",
  "crash output",
  "trace of a run",
  "run as shown",
  "doctor",
];

/** Sinks that need not hold an id of a run, and are never empty. Of these it is known only that something was read. */
export const filled: readonly string[] = [
  "Redis string",
  "Redis list",
  "log of the sandbox",
  "files of .dev",
  "temporary files",
  "metrics",
  "status",
  "audit",
  "command lines",
];

export type Verdict = {
  /** What is found and may not be. */
  strays: Found[];
  /** Sinks that should show the ids of runs, and do not, and sinks that should hold something, and do not. */
  blind: string[];
};

/** Judges what was found. @param read how many things that are not empty were read in each sink */
export function judge(found: readonly Found[], read: ReadonlyMap<string, number>): Verdict {
  const strays = found.filter((hit) => hit.kind !== "run id" && reasonFor(hit) === undefined);
  const unseen = seeing.filter((sink) => !found.some((hit) => hit.sink === sink && hit.kind === "run id"));
  return { strays, blind: [...unseen, ...filled.filter((sink) => (read.get(sink) ?? 0) === 0)] };
}

/** Whether a proof is one: nothing strays, and every sink was read. */
export function isClean({ strays, blind }: Verdict): boolean {
  return strays.length === 0 && blind.length === 0;
}

function reasonFor({ kind, sink }: Found): string | undefined {
  return allowed.find(({ kinds, sinks }) => kinds.includes(kind) && sinks.includes(sink))?.why;
}

const shownStrays = 25;

/** Prints sinks × kinds, the reasons for what is allowed, and where to find what is not. */
export function printed(
  { all, found, read }: { all: readonly Canary[]; found: readonly Found[]; read: ReadonlyMap<string, number> },
  verdict: Verdict,
): string {
  const letters = canaryKinds.map((_, index) => String.fromCodePoint(65 + index));
  const countOf = (kind: CanaryKind) => all.filter((canary) => canary.kind === kind).length;
  const legend = canaryKinds.map((kind, index) => `  ${letters[index]}  ${kind}, ${countOf(kind)} of them`);
  const widest = Math.max(...[...read.keys()].map((sink) => sink.length));
  const line = (head: string, count: string, cells: readonly string[]) =>
    `${head.padEnd(widest)}  ${count.padStart(7)}  ${cells.map((cell) => cell.padStart(4)).join("")}`;
  const rows = [...read].map(([sink, count]) =>
    line(
      sink,
      String(count),
      canaryKinds.map((kind) => cellOf(found, sink, kind)),
    ),
  );
  const strays = verdict.strays
    .slice(0, shownStrays)
    .map(({ kind, sink, place, form }) => `  ${kind} in ${sink}, ${place}, as ${form}`);
  const hidden = verdict.strays.length - strays.length;
  return [
    line("sink", "read", letters),
    ...rows,
    "",
    "A number is how many different canaries were found: bare, allowed; with !, not allowed.",
    ...legend,
    "",
    "Allowed:",
    ...allowed.map(({ kinds, why }) => `  ${kinds.join(", ")}: ${why}`),
    "  run id: it proves that the sink was read",
    ...(strays.length === 0 ? [] : ["", "NOT ALLOWED:", ...strays, ...(hidden > 0 ? [`  and ${hidden} more`] : [])]),
    ...verdict.blind.map((sink) => `BLIND: nothing was there to be found in ${sink}`),
  ].join("\n");
}

function cellOf(found: readonly Found[], sink: string, kind: CanaryKind): string {
  const hits = found.filter((hit) => hit.sink === sink && hit.kind === kind);
  const count = new Set(hits.map(({ text }) => text)).size;
  if (count === 0) return "·";
  const isAllowed = kind === "run id" || hits.every((hit) => reasonFor(hit) !== undefined);
  return isAllowed ? String(count) : `${count}!`;
}
