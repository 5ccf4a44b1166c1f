import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import type { Field } from "#mce/soap/field.ts";
import type { Column } from "#protocol/column.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { ResultState, RowsAsk } from "../run/flow.ts";
import { findTarget, type FoundTarget } from "#inspect/target/find-target.ts";

/** The most that a result handle allows. */
const columnsMax = 1000;

/**
 * Where to read the rows: the target itself, with all its fields in order. Its rows do not show whether the query has ended
 * (D9), so none are read here.
 */
export async function targetResult(
  run: RunInHand,
  { processed, columns: selected }: RowsAsk,
): Promise<Answer<ResultState>> {
  const customerKey = run.spec.target?.customerKey ?? "";
  const answer = await findTarget(run.mce, { customerKey, signal: run.signal });
  if (!answer.ok) return answer;
  const rowCount = given({ rowCount: processed });
  // The target is gone: the run has still done its work, and the results will report that there is nothing to read.
  if (answer.value.kind !== "found") {
    return ok({ kind: "answers", ...rowCount, handle: { customerKey, target: { columns: [] } } });
  }
  const { target: found } = answer.value;
  // When MCE does not return the fields, only those that the query filled are known.
  const columns = found.refused === undefined ? found.fields.slice(0, columnsMax).map(columnOf) : [...selected];
  const target = { columns, ...given({ isShared: found.isShared ? (true as const) : undefined }) };
  const handle = { customerKey: found.customerKey, target, ...steadyOrder(found) };
  return ok({ kind: "answers", ...rowCount, handle });
}

/**
 * An order in which a later snapshot gives the same rows on the same pages: MCE's own, or that of the first key field, if
 * its name is valid in `$orderBy`.
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
