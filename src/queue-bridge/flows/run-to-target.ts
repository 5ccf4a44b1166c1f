import type { Target } from "#protocol/target.ts";
import type { Flow } from "../run/flow.ts";
import { checkTarget, isRepeatable } from "../into-target/check-target.ts";
import { targetResult } from "../into-target/result.ts";

const updateTypes = { overwrite: "Overwrite", append: "Append", update: "Update" } as const satisfies Record<
  Target["mode"],
  string
>;

/** The SELECT goes into a Data Extension of the user's, which is never made, changed or deleted here (R4). */
export const runToTarget: Flow = {
  name: "run-to-target",
  makesTable: false,
  // The object gives every run of this flow a target; without one nothing may be lost by it.
  updateType: ({ target }) => updateTypes[target?.mode ?? "append"],
  mayRepeat: isRepeatable,
  queryText: (plan) => plan.sql,
  // The rows of others lie in the target too: they tell nothing of this run (D9).
  rowsProve: false,
  openTable: checkTarget,
  readResult: targetResult,
};
