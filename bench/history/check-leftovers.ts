import { readCustomerKey } from "#run/names.ts";
import type { Finding, History } from "./history.ts";

/** I7: what Marketing Cloud still has of runs, other than the one table that a result's rows are in. */
export function findLeftovers({ runs, assets }: Pick<History, "runs" | "assets">): readonly Finding[] {
  const kept = new Set(runs.flatMap(({ id, keepsTable }) => (keepsTable ? [id] : [])));
  const found = new Set<string>();
  const findings = assets.flatMap(({ kind, key, mid }): readonly Finding[] => {
    const runId = readCustomerKey(key)?.runId;
    if (runId === undefined) return [];
    const isPromised = kind === "table" && kept.has(runId) && !found.has(runId);
    if (kind === "table") found.add(runId);
    return isPromised ? [] : [{ invariant: "I7", runId, what: `left the ${kind} ${key} in ${mid}` }];
  });
  const lost = [...kept].filter((id) => !found.has(id));
  return [...findings, ...lost.map((runId): Finding => ({ invariant: "I7", runId, what: "has lost its table" }))];
}
