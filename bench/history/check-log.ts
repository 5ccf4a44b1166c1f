import { isOver } from "#protocol/run-status.ts";
import type { Finding, RunHistory } from "./history.ts";

/** I3 and I4: the versions that a run's users see, and the reports of bridges that made them. */
export function findBadLog({ id, log, steps }: RunHistory): readonly Finding[] {
  const findings: Finding[] = [];
  const isWhole = log.every(({ version }, at) => version === at + 1);
  if (!isWhole)
    findings.push({ invariant: "I3", runId: id, what: `has the versions ${listOf(log.map((it) => it.version))}` });
  const end = log.find(({ status }) => isOver(status));
  const after = log.slice(end === undefined ? log.length : log.indexOf(end)).find((it) => it.status !== end?.status);
  // A result that is discarded makes a version of a run that stays ready.
  if (after !== undefined)
    findings.push({ invariant: "I3", runId: id, what: `is ${after.status} after ${end?.status}` });
  const isInOrder = steps.every(({ seq }, at) => seq === at + 1);
  if (!isInOrder)
    findings.push({ invariant: "I4", runId: id, what: `took the reports ${listOf(steps.map((it) => it.seq))}` });
  const stale = steps.find(({ epoch }, at) => epoch < (steps[at - 1]?.epoch ?? 0));
  if (stale !== undefined)
    findings.push({
      invariant: "I4",
      runId: id,
      what: `took report ${stale.seq} of epoch ${stale.epoch} after a newer one`,
    });
  return findings;
}

/** Numbers for a person. */
export function listOf(numbers: readonly number[]): string {
  return numbers.length === 0 ? "none" : numbers.join(", ");
}
