import { isOver } from "#protocol/run-status.ts";
import { readCustomerKey } from "#run/names.ts";
import type { Finding, History, RunHistory } from "./history.ts";

/** What Marketing Cloud did for one run. */
type Effects = { performs: number; applied: number };

/** I2 and I8: how often each run's query was performed and its rows written, and whose token its calls were made with. */
export function findBadEffects({ runs, ledger }: Pick<History, "runs" | "ledger">): readonly Finding[] {
  const effects = effectsOf(ledger);
  const known = new Map(runs.map((run) => [run.id, run]));
  const strangers = [...effects.keys()].filter((id) => !known.has(id));
  return [
    ...runs.flatMap((run) => findBadEffect(run, effects.get(run.id) ?? { performs: 0, applied: 0 })),
    ...strangers.map((runId): Finding => ({ invariant: "I2", runId, what: "was performed, and nobody knows it" })),
    ...findForeignCalls(known, ledger),
  ];
}

function findBadEffect({ id, isAppend, log, grant }: RunHistory, { performs, applied }: Effects): readonly Finding[] {
  const isReady = log.find(({ status }) => isOver(status))?.status === "ready";
  const granted = grant?.n ?? 0;
  const findings: Finding[] = [];
  if (performs > granted)
    findings.push({ invariant: "I2", runId: id, what: `was performed ${performs} times, and granted ${granted}` });
  if (isAppend && applied > 1) findings.push({ invariant: "I2", runId: id, what: `was applied ${applied} times` });
  if (isReady && applied === 0) findings.push({ invariant: "I2", runId: id, what: "is ready, and was never applied" });
  return findings;
}

/** How often each run was performed and applied, by its id. */
export function effectsOf(ledger: History["ledger"]): ReadonlyMap<string, Effects> {
  const effects = new Map<string, Effects>();
  const runOf = new Map<number, string>();
  const count = (id: string, what: keyof Effects) => {
    const sofar = effects.get(id) ?? { performs: 0, applied: 0 };
    effects.set(id, { ...sofar, [what]: sofar[what] + 1 });
  };
  for (const { event, taskId = 0, queryKey = "" } of ledger) {
    const performed = event === "perform" ? readCustomerKey(queryKey)?.runId : undefined;
    if (performed !== undefined) {
      runOf.set(taskId, performed);
      count(performed, "performs");
    }
    const applied = event === "applied" ? runOf.get(taskId) : undefined;
    if (applied !== undefined) count(applied, "applied");
  }
  return effects;
}

/** Calls that name a run's asset, or perform its query, with the token of another business unit. */
function findForeignCalls(known: ReadonlyMap<string, RunHistory>, ledger: History["ledger"]): readonly Finding[] {
  return ledger.flatMap(({ event, call = event, mid, keys = [], queryKey }) => {
    const named = [...keys, ...(queryKey === undefined ? [] : [queryKey])];
    return named.flatMap((key): readonly Finding[] => {
      const run = known.get(readCustomerKey(key)?.runId ?? "");
      if (run === undefined || mid === undefined || mid === run.mid) return [];
      return [{ invariant: "I8", runId: run.id, what: `belongs to ${run.mid}, and ${call} was made for ${mid}` }];
    });
  });
}
