import { given } from "#lang/given.ts";
import type { Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import type { Field } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { ResultState, RowsAsk } from "../run/flow.ts";
import { findTarget, type FoundTarget } from "./find-target.ts";

/** As many as a result handle takes. */
const columnsMax = 1000;

/**
 * Tells where the rows are read: the target's own, with all its fields in their order. Whether the query has ended is
 * no question to its rows (D9), so none are read here.
 */
export async function targetResult(
  run: RunInHand,
  { processed, columns: selected }: RowsAsk,
): Promise<Answer<ResultState>> {
  const customerKey = run.spec.target?.customerKey ?? "";
  const answer = await findTarget(run.mce, { customerKey, signal: run.signal });
  if (!answer.ok) return answer;
  const rowCount = given({ rowCount: processed });
  // Gone since: the run has done its work all the same, and the results will say that there is nothing to read.
  if (answer.value.kind !== "found") {
    return { ok: true, value: { kind: "answers", ...rowCount, handle: { customerKey, target: { columns: [] } } } };
  }
  const { target: found } = answer.value;
  // Fields that MCE does not tell are those the query has filled, as far as anybody knows.
  const columns = found.refused === undefined ? found.fields.slice(0, columnsMax).map(columnOf) : [...selected];
  const target = { columns, ...(found.isShared ? { isShared: true as const } : {}) };
  const handle = { customerKey: found.customerKey, target, ...steadyOrder(found) };
  return { ok: true, value: { kind: "answers", ...rowCount, handle } };
}

/**
 * An order in which a later snapshot gives the same rows on the same pages: MCE's own, or that of the first key field,
 * where its name can stand in `$orderBy`.
 */
function steadyOrder({ fields, refused }: FoundTarget): { orderBy?: string } {
  if (refused !== undefined) return {};
  const key = fields.find(({ isPrimaryKey }) => isPrimaryKey);
  if (key === undefined) return { orderBy: rowKey };
  return /^\w+$/.test(key.name) ? { orderBy: key.name } : {};
}

function columnOf({ name, fieldType, maxLength, precision, scale }: Field): Column {
  return {
    name,
    type: fieldType,
    ...given({ maxLength, precision, scale }),
  };
}
