import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { rejected, type Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import { readFields } from "#mce/soap/field.ts";
import { readFirstRows, type FirstRows } from "#mce/soap/first-rows.ts";
import { orderColumn } from "#sql/order.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import type { ResultState, RowsAsk } from "../run/flow.ts";

const isPartOnly =
  "Marketing Cloud returns the rows of this result by SOAP only, and only the first batch: not those that come first in the query's order";

/**
 * Reads the first batch of rows of a run's own table by SOAP, and the column to sort them by.
 *
 * @returns `rejected` also when there are no rows and that is not credible
 */
export async function readRowsBySoap(
  run: RunInHand,
  customerKey: string,
  { columns, processed }: RowsAsk,
): Promise<Answer<ResultState & { kind: "answers" }>> {
  const names = columns.map(({ name }) => name);
  const read = await readOrdered(run, customerKey, names);
  if (!read.ok) return read;
  const { items, hasMore, orderBy } = read.value;
  const doubt = items.length === 0 ? await doubtOf(run, customerKey, processed) : undefined;
  if (doubt !== undefined) return doubt;
  const total = hasMore ? (processed ?? 0) : items.length;
  const isNumbered = orderBy !== undefined && orderBy !== rowKey;
  return ok({
    kind: "answers",
    count: items.length,
    // MCE's count is ignored when it is impossible.
    ...given({ rowCount: total >= items.length ? total : undefined }),
    handle: { customerKey, readBy: "soap", ...given({ orderBy }) },
    notes: hasMore && isNumbered ? [isPartOnly] : [],
  });
}

/** Reads with the column that numbers the rows; without one, with MCE's own row number; else with neither. */
async function readOrdered(
  run: RunInHand,
  customerKey: string,
  names: readonly string[],
): Promise<Answer<FirstRows & { orderBy?: string }>> {
  const { mce, signal } = run;
  let refused: Answer<never> | undefined;
  for (const orderBy of [...orders(run, names), undefined]) {
    const columns = orderBy === undefined ? names : [...names, orderBy];
    const read = await readFirstRows(mce, { customerKey, columns, signal });
    if (read.ok) return ok({ ...read.value, ...given({ orderBy }) });
    if (read.error.kind !== "rejected") return read;
    // The first refusal is the one about the table.
    refused ??= read;
  }
  return refused ?? rejected("Error", "No columns");
}

/** The columns to order by, best first. A start that has lost the column's name tries it: the name is a pure function. */
function orders({ memory, claim }: RunInHand, names: readonly string[]): string[] {
  const { orderColumn: known } = memory.read();
  if (known !== undefined) return [known];
  return claim.columns === undefined ? [rowKey] : [orderColumn(names), rowKey];
}

/** A connection without the permission also gets no rows (MCE 2.3): an empty table is credible if MCE shows its fields. */
async function doubtOf(
  { mce, signal }: RunInHand,
  customerKey: string,
  processed: number | undefined,
): Promise<Answer<never> | undefined> {
  if (processed === 0) return undefined;
  if (processed !== undefined)
    return rejected("Empty", `Marketing Cloud counts ${processed} rows of the query, and returns no rows by SOAP`);
  const fields = await readFields(mce, { customerKeys: [customerKey] }, { signal });
  if (!fields.ok) return fields;
  return fields.value.length > 0
    ? undefined
    : rejected("Empty", "Marketing Cloud shows neither rows nor fields by SOAP");
}
