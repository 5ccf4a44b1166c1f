import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { rejected, type Answer } from "#mce/failure.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import { fieldOf } from "#protocol/column.ts";
import { readFields } from "#mce/soap/field.ts";
import { readFirstRows, type FirstRows } from "#mce/soap/first-rows.ts";
import { isNumbered } from "#sql/numbered-rows.ts";
import type { RunInHand } from "../run/run-in-hand.ts";
import { countsOf, hiddenFieldsOf, type HiddenFields } from "./look-rows.ts";
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
  const hidden = hiddenFieldsOf(run, { columns });
  const read = await readOrdered(run, customerKey, columns.map(fieldOf), hidden);
  if (!read.ok) return read;
  const { items, hasMore, orderBy } = read.value;
  const doubt = items.length === 0 ? await doubtOf(run, customerKey, processed) : undefined;
  if (doubt !== undefined) return doubt;
  const isLook = hidden !== undefined && orderBy === hidden.order;
  const counts = isLook ? countsOf(run, items, hidden) : {};
  const total = hasMore ? (processed ?? 0) : items.length;
  return ok({
    kind: "answers",
    count: items.length,
    // MCE's count is ignored when it is impossible.
    ...(counts.truncated === undefined ? given({ rowCount: total >= items.length ? total : undefined }) : counts),
    handle: { customerKey, readBy: "soap", ...given({ orderBy }) },
    notes: hasMore && isLook ? [isPartOnly] : [],
  });
}

/** Reads with the fields of a look; without them, with MCE's own row number; else with neither. */
async function readOrdered(
  { mce, signal }: RunInHand,
  customerKey: string,
  names: readonly string[],
  hidden: HiddenFields | undefined,
): Promise<Answer<FirstRows & { orderBy?: string }>> {
  let refused: Answer<never> | undefined;
  const numbers = hidden === undefined ? [] : [[hidden.order, hidden.count]];
  for (const more of [...numbers, [rowKey], []]) {
    const read = await readFirstRows(mce, { customerKey, columns: [...names, ...more], signal });
    const [orderBy] = more;
    const isLook = hidden !== undefined && orderBy === hidden.order;
    // A query that MCE refused as a look leaves the numbers empty.
    if (read.ok && isLook && !isNumbered(read.value.items, hidden.order)) continue;
    if (read.ok) return ok({ ...read.value, ...given({ orderBy }) });
    if (read.error.kind !== "rejected") return read;
    // The first refusal is the one about the table.
    refused ??= read;
  }
  return refused ?? rejected("Error", "No columns");
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
