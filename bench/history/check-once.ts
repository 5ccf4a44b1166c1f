import { effectsOf } from "./check-effects.ts";
import type { Finding, History } from "./history.ts";

/** I2 where nothing went wrong: each run that is ready was performed once and applied once, whatever its target is. */
export function findRepeats({ runs, ledger }: Pick<History, "runs" | "ledger">): readonly Finding[] {
  const effects = effectsOf(ledger);
  return runs.flatMap(({ id, log }): readonly Finding[] => {
    const { performs = 0, applied = 0 } = effects.get(id) ?? {};
    if (log.at(-1)?.status !== "ready" || (performs === 1 && applied === 1)) return [];
    return [{ invariant: "I2", runId: id, what: `was performed ${performs} times and applied ${applied} times` }];
  });
}
