import { readRowset } from "#mce/rest/rowset.ts";
import { customerKeyOf } from "#protocol/names.ts";
import { firstAttempt, openTempTable } from "../assets.ts";
import type { Flow } from "../flow.ts";

/** R8: a page of the snapshot that is confirmed here must be one the results are read in later. */
const pageSize = 50;

/** The SELECT goes into a Data Extension of its own, made for this run and deleted after it (R3). */
export const runToTemp: Flow = {
  name: "run-to-temp",
  // A second Perform of the same shell replaces the first one's rows.
  updateType: () => "Overwrite",
  mayRepeat: () => true,
  rowsProve: true,
  openTable: (run, plan, folders) => openTempTable(run, plan.columns, folders),
  async readResult(run) {
    const customerKey = customerKeyOf(run.spec.id, firstAttempt);
    const read = await readRowset(run.mce, { customerKey, page: 1, pageSize, signal: run.signal });
    if (!read.ok) return read;
    if (read.value === undefined) return { ok: true, value: { kind: "silent" } };
    const { count, requestToken, tokenExpiresAt } = read.value;
    const handle = {
      customerKey,
      ...(requestToken === undefined ? {} : { requestToken }),
      ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt }),
    };
    return { ok: true, value: { kind: "answers", count, rowCount: count, handle } };
  },
};
