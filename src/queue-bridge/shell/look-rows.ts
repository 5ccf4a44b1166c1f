import { given } from "#lang/given.ts";
import { fieldOf } from "#protocol/column.ts";
import { hiddenFields } from "#sql/rewrite/field-names.ts";
import { lookRows } from "#sql/rewrite/look.ts";
import type { ResultState, RowsAsk } from "../run/flow.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/** The fields that number a look's rows and count them. */
export type HiddenFields = ReturnType<typeof hiddenFields>;

type Row = Readonly<Record<string, string>>;

/** The hidden fields of a run's own table; undefined when it holds no look for certain. Their names are a pure function. */
export function hiddenFieldsOf({ memory }: RunInHand, { columns }: Pick<RowsAsk, "columns">): HiddenFields | undefined {
  const { isPlain, orderColumn } = memory.read();
  const hidden = hiddenFields(columns.map(fieldOf));
  return isPlain === true ? undefined : { ...hidden, order: orderColumn ?? hidden.order };
}

/**
 * How many rows the query has, and whether they are more than the look at them shows.
 *
 * @returns nothing for rows that carry no count: they are all that the query has
 */
export function countsOf(
  { spec }: Pick<RunInHand, "spec">,
  [first]: readonly Row[],
  { count }: HiddenFields,
): Pick<ResultState & { kind: "answers" }, "rowCount" | "truncated"> {
  if (first === undefined) return { rowCount: 0, truncated: false };
  const counted = Number(first[count.toLowerCase()] || Number.NaN);
  if (!Number.isInteger(counted)) return {};
  const truncated = counted > lookRows;
  // Without a total, counting ends at the first row that is not shown.
  return { truncated, ...given({ rowCount: truncated && spec.total !== true ? undefined : counted }) };
}
