import { given } from "#lang/given.ts";
import { whyOf } from "#inspect/inspect.ts";
import {
  targetFieldsHidden,
  targetHidden,
  targetIsTemporary,
  targetNotFound,
  targetRead,
} from "#inspect/target/failures.ts";
import { fitTarget, notesOf, refusalsOf } from "#inspect/target/fit.ts";
import type { TargetAnswer } from "#inspect/target/find-target.ts";
import type { Column } from "#protocol/column.ts";
import type { RunError } from "#protocol/run-error.ts";
import type { Target } from "#protocol/target.ts";
import { readCustomerKey } from "#run/names.ts";
import { sourcesOf } from "#sql/sources.ts";
import { targetReads } from "#sql/target-reads.ts";

type Reason = { message: string; fix?: string };
type FieldFit = { field: string; column?: string; verdict: string; message?: string };

/** How a query goes into a target, as the API shows it. */
export type TargetView = { fits: boolean; fields: readonly FieldFit[]; reasons: readonly Reason[] };

/** A query as it was written, and what is known of it: the text with its stars written out, and its columns. */
export type CheckedQuery = { written: string; sql?: string; columns: readonly Column[]; isParent: boolean };

/**
 * Judges as a run into the target would (D25), before there is one. Pure.
 *
 * @returns `note` alone when nothing can be compared: the columns are not known, or MCE does not give the target's fields
 */
export function targetView(
  answer: TargetAnswer,
  { customerKey, mode }: Target,
  query: CheckedQuery,
): { view?: TargetView; note?: string; notes?: readonly string[] } {
  if (answer.kind === "unknown") return refused(targetNotFound(customerKey));
  if (answer.kind === "hidden") return refused(targetHidden(customerKey, answer.own));
  const { target } = answer;
  const { name, fields, isShared, refused: hidden } = target;
  if (readCustomerKey(target.customerKey) !== undefined) return refused(targetIsTemporary(name));
  const reads = targetReads(query.written, query.isParent ? { name } : { name, ent: isShared });
  if (mode !== "update" && reads.length > 0) return refused(targetRead(name, reads));
  if (hidden !== undefined)
    return { note: `The fields of the target "${name}" could not be read from Marketing Cloud: ${whyOf(hidden)}` };
  if (fields.length === 0) return refused(targetFieldsHidden(name));
  const { sql, columns } = query;
  if (sql === undefined || columns.length === 0)
    return { note: `Not compared with "${name}": the query's columns are not known` };
  const known = sourcesOf(sql);
  const sources = known?.length === columns.length ? known : undefined;
  const fit = fitTarget({ columns, ...given({ sources }), fields, mode });
  const reasons = refusalsOf(fit);
  return { view: { fits: reasons.length === 0, fields: fit.fields.map(shown), reasons }, notes: notesOf(fit) };
}

function refused({ title, detail, fix }: RunError): { view: TargetView } {
  const reason = { message: `${title}: ${detail}`, ...given({ fix }) };
  return { view: { fits: false, fields: [], reasons: [reason] } };
}

function shown(fit: FieldFit): FieldFit {
  const { field, column, verdict, message } = fit;
  return { field, ...given({ column }), verdict, ...given({ message }) };
}
