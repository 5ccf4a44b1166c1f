import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { inspect } from "#inspect/inspect.ts";
import { Column } from "#protocol/column.ts";
import type { OutputColumn } from "#sql/fields.ts";
import { placedByLengths } from "#sql/parameters.ts";
import { numbered } from "#sql/rewrite/rewrite-notes.ts";
import { rowHints } from "#sql/row-hints.ts";
import { lookRefused } from "./assets.ts";
import type { Plan } from "../run/flow.ts";
import { endHere, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import { explain } from "../run/failures.ts";
import { cannotRun } from "../run/query-failures.ts";
import { fieldsRefused } from "../run/fields-refused.ts";
import { patiently } from "../run/patience.ts";

const noteMax = 500;
/** The most that a `planned` transition allows. */
const columnsMax = 1000;
const notesMax = 50;

/** Plans the run, before anything is created: a query that would certainly fail, by our check or MCE's own, ends the run here. */
export async function planRun(run: RunInHand): Promise<Outcome<Plan>> {
  const { checked, unread, refused } = await inspect(run.spec.sql, {
    platform: run.platform,
    mce: run.mce,
    unit: run.spec.tenancy,
    metadata: run.metadata,
    validateTimeoutMs: run.settings.validateTimeoutMs,
    signal: run.signal,
    how: { isInto: run.spec.target !== undefined, isTotal: run.spec.total === true },
    patiently: (call) => patiently(run, call),
    pause: () => run.platform.sleep(run.settings.retryMinMs, run.signal),
  });
  if (unread !== undefined)
    return endHere(run, { kind: "failed", error: explain(unread, "reading the tables' fields", run.spec) });
  const { sql } = checked;
  const diagnostics = placedByLengths(run.spec.sql, run.spec.filled ?? [], checked.diagnostics);
  if (refused !== undefined && diagnostics.some(({ code }) => code === "STAR_UNKNOWN"))
    return endHere(run, { kind: "failed", error: fieldsRefused(refused) });
  if (!checked.ok || sql === undefined) return endHere(run, { kind: "failed", error: cannotRun(diagnostics) });
  const columns = Column.array().min(1).max(columnsMax).safeParse(checked.columns.map(columnOf));
  if (!columns.success) {
    const message = `A result has 1 to ${columnsMax} columns with names of 1 to 128 characters`;
    return endHere(run, { kind: "failed", error: cannotRun([{ message }]) });
  }
  const isRefused = checked.look !== undefined && run.refusedLooks.has(run.spec.tenancy);
  const own = isRefused ? [lookRefused, ...checked.notes.filter((note) => note !== numbered)] : checked.notes;
  const notes = [...own, ...rowHints(diagnostics)].slice(0, notesMax).map((note) => note.slice(0, noteMax));
  const look = isRefused ? undefined : checked.look;
  return ok({ sql, columns: columns.data, notes, ...given({ look }) });
}

function columnOf({ fieldType, ...rest }: OutputColumn): Column {
  return { ...rest, type: fieldType };
}
