import { isOver } from "#protocol/run-status.ts";
import type { Finding, RunHistory } from "./history.ts";

/** I1 and I10: how a run ended, and what Postgres and its user were told of it. */
export function findBadEnds({ id, log, projected, isCancelAcknowledged, grant }: RunHistory): readonly Finding[] {
  const last = log.at(-1);
  if (last === undefined || !isOver(last.status)) {
    return [{ invariant: "I1", runId: id, what: `has not ended: it is ${last?.status ?? "unknown"}` }];
  }
  const findings: Finding[] = [];
  const { version, status, endedAt = Infinity } = last;
  if (projected?.version !== version || projected.status !== status) {
    const there =
      projected === undefined ? "does not know it" : `has ${projected.status}, version ${projected.version}`;
    findings.push({ invariant: "I1", runId: id, what: `is ${status}, version ${version}, and Postgres ${there}` });
  }
  if (isCancelAcknowledged && status !== "canceled")
    findings.push({ invariant: "I10", runId: id, what: `is ${status}, although its cancel was acknowledged` });
  if (status === "canceled" && grant !== undefined && grant.at > endedAt)
    findings.push({ invariant: "I10", runId: id, what: `was granted Perform ${grant.n} after it was canceled` });
  return findings;
}
