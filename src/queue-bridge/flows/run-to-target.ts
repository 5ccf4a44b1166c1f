import type { Target } from "#protocol/target.ts";
import type { Flow } from "../run/flow.ts";
import { checkTarget, isRepeatable } from "../into-target/check-target.ts";
import { targetResult } from "../into-target/result.ts";

const updateTypes = { overwrite: "Overwrite", append: "Append", update: "Update" } as const satisfies Record<
  Target["mode"],
  string
>;

/** Writes the SELECT's rows to a Data Extension of the user's, which is never created, changed or deleted here (R4). */
export const runToTarget: Flow = {
  name: "run-to-target",
  makesTable: false,
  // Every run of this flow has a target; without one the fallback must not destroy anything.
  updateType: ({ target }) => updateTypes[target?.mode ?? "append"],
  mayRepeat: isRepeatable,
  queryText: ({ sql }) => ({ sql }),
  // The target may also have rows of others, so its rows prove nothing about this run (D9).
  rowsProve: false,
  openTable: checkTarget,
  readResult: targetResult,
};
