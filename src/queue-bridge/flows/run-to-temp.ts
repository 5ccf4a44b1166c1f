import { customerKeyOf } from "#protocol/names.ts";
import { openTempTable } from "../assets.ts";
import { attemptOf } from "../attempt.ts";
import type { Flow } from "../flow.ts";
import { readFirstPage } from "../ordered-rowset.ts";

const orderLost =
  "Marketing Cloud did not sort these rows as it was asked to, and they are too many to be sorted here (over 2,500): their pages come in no order";

/** The SELECT goes into a Data Extension of its own, made for this run and deleted after it (R3). */
export const runToTemp: Flow = {
  name: "run-to-temp",
  makesTable: true,
  // A second Perform of the same shell replaces the first one's rows.
  updateType: () => "Overwrite",
  mayRepeat: () => Promise.resolve(true),
  rowsProve: true,
  queryText: (plan) => plan.ordered?.sql ?? plan.sql,
  async openTable(run, planning, folders) {
    const [planned, found] = await Promise.all([planning, folders()]);
    if (!planned.ok) return planned;
    if (!found.ok) return found;
    const plan = planned.value;
    // The columns of a second shell were decided when the first one did not fit.
    const columns = attemptOf(run) === 1 ? plan.columns : (run.claim.columns ?? plan.columns);
    if (plan.ordered === undefined) return openTempTable(run, columns, found.value);
    const { column } = plan.ordered;
    await run.memory.save({ orderColumn: column });
    return openTempTable(run, [...columns, { name: column, type: "Number" }], found.value);
  },
  async readResult(run) {
    const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
    const read = await readFirstPage(run, customerKey);
    if (!read.ok) return read;
    if (read.value === undefined) return { ok: true, value: { kind: "silent" } };
    const { count, requestToken, tokenExpiresAt, orderBy, isSortedHere, isOrderLost } = read.value;
    const handle = {
      customerKey,
      ...(requestToken === undefined ? {} : { requestToken }),
      ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt }),
      ...(orderBy === undefined ? {} : { orderBy }),
      ...(isSortedHere === undefined ? {} : { isSortedHere }),
    };
    const notes = isOrderLost ? [orderLost] : [];
    return { ok: true, value: { kind: "answers", count, rowCount: count, handle, notes } };
  },
};
