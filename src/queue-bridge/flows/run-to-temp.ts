import { openTempTable } from "../shell/assets.ts";
import { attemptOf } from "../run/run-in-hand.ts";
import type { Flow } from "../run/flow.ts";
import { readTempRows } from "../shell/temp-rows.ts";

/** Writes the SELECT's rows to a Data Extension that is created for this run and deleted after it (R3). */
export const runToTemp: Flow = {
  name: "run-to-temp",
  makesTable: true,
  // A second Perform of the same shell replaces the first one's rows.
  updateType: () => "Overwrite",
  mayRepeat: () => Promise.resolve(true),
  rowsProve: true,
  queryText: ({ sql, look }) => (look === undefined ? { sql } : { sql: look.sql, plain: sql }),
  async openTable(run, planning, folders) {
    const [planned, found] = await Promise.all([planning, folders()]);
    if (!planned.ok) return planned;
    if (!found.ok) return found;
    const plan = planned.value;
    // The columns of a second shell were decided when the first one did not fit.
    const columns = attemptOf(run) === 1 ? plan.columns : (run.claim.columns ?? plan.columns);
    const { look } = plan;
    if (look === undefined) await run.memory.save({ isPlain: true });
    const hidden = look === undefined ? [] : [look.order, look.count];
    return openTempTable(run, [...columns, ...hidden.map((name) => ({ name, type: "Number" as const }))], found.value);
  },
  readResult: readTempRows,
};
