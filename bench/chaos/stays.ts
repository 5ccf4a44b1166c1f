import type { Moments } from "../history/history.ts";

/** The steps of a run, as docs/reliability-matrix.md explains them. */
export const stepNames = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;
export type StepName = (typeof stepNames)[number];

/** Some time, in this machine's epoch milliseconds; both ends belong to it. */
export type Span = { from: number; to: number };

/** How long a run was at a step. It may be at two at once: a watcher has its stream all the while. */
export type StepSpan = Span & { step: StepName };

/** What tells where a run was, and when. */
export type Course = {
  /** From the first request to the 202; absent: no answer arrived. */
  ordered?: Span;
  /** What the edge knows; absent: nothing. */
  moments?: Moments;
  /** The streams of those who watched it. */
  watched: readonly Span[];
};

/** Says when a run was at which step. What has not ended lasts for ever. */
export function staysOf({ ordered, moments, watched }: Course): readonly StepSpan[] {
  return [
    ...(ordered === undefined ? [] : [{ step: "A" as const, ...ordered }]),
    ...(moments === undefined ? [] : inTheEngine(moments)),
    ...watched.map(({ from, to }) => ({ step: "H" as const, from, to })),
  ];
}

function inTheEngine(moments: Moments): readonly StepSpan[] {
  const { createdAt, startedAt, endedAt = Infinity } = moments;
  return [
    { step: "B", from: createdAt, to: startedAt ?? endedAt },
    ...(startedAt === undefined ? [] : worked(startedAt, endedAt, moments.reports)),
    ...(endedAt === Infinity ? [] : [{ step: "G" as const, from: endedAt, to: cleanAt(endedAt, moments) }]),
  ];
}

/** Each report that begins another step ends the one before it. */
function worked(startedAt: number, endedAt: number, reports: Moments["reports"]): readonly StepSpan[] {
  const begun = reports.flatMap((report) => {
    const step = beginning(report);
    return step === undefined || report.at > endedAt ? [] : [{ step, from: report.at }];
  });
  const steps: { step: StepName; from: number }[] = [{ step: "C", from: startedAt }, ...begun];
  return steps.map((one, at) => ({ ...one, to: steps[at + 1]?.from ?? endedAt }));
}

function beginning({ type, asset }: Moments["reports"][number]): StepName | undefined {
  switch (type) {
    case "noted":
      return asset === "queryDefinition created" ? "D" : undefined;
    case "performRejected":
      return "D";
    case "misfit":
      return "C";
    case "performed":
      return "E";
    case "confirming":
      return "F";
    default:
      return undefined;
  }
}

/** When the last asset was gone that is not kept: the table of a result stays until its user or the clock deletes it. */
function cleanAt(endedAt: number, { reports, hasResult }: Moments): number {
  const deleted = reports.filter(({ asset = "" }) => asset.endsWith(" deleted"));
  const owed = deleted.filter(({ asset = "" }) => !(hasResult && asset.startsWith("dataExtension")));
  return Math.max(endedAt, ...owed.map(({ at }) => at));
}
