import type { ResultPage, RowPage } from "#client/result-page.ts";
import type { Run } from "#client/run.ts";
import type { RunState } from "#client/run-state.ts";
import type { Context } from "./context.ts";
import { Exit, exitCodeOfRun } from "./exit-code.ts";
import { print, type Format } from "./format/print.ts";
import { say } from "./terminal.ts";

/** How to print rows. */
export type RowOptions = { format?: Format; quiet?: boolean };

/** Prints a page of rows on stdout, and for a person where it stands in the whole. @param next how to get the page after */
export async function printRows(
  { terminal, paint }: Context,
  page: RowPage | ResultPage,
  { format, quiet = false }: RowOptions,
  next: (page: number) => string,
): Promise<void> {
  await print(terminal, { answer: page, grid: page }, format);
  if (quiet) return;
  const { page: number, pages, accessibleRows, truncated, totalRows } = page;
  const more = truncated ? ` of ${totalRows ?? "more"}; only these can be read` : "";
  const onward = number < pages ? ` · next: ${next(number + 1)}` : "";
  const rows = accessibleRows === 1 ? "row" : "rows";
  await say(terminal, paint("dim", `Page ${number} of ${pages} · ${accessibleRows} ${rows}${more}${onward}`));
}

/** Prints a page of a run that is over, with the notes about it. @throws Exit when it has no rows */
export async function printResult(context: Context, run: Run, page: number, options: RowOptions): Promise<void> {
  const { terminal, paint } = context;
  const { state } = run;
  if (!options.quiet) for (const note of state.notes ?? []) await say(terminal, paint("yellow", `Note: ${note}`));
  if (state.status !== "ready") {
    await say(terminal, paint("red", endOf(state)));
    throw new Exit(exitCodeOfRun(state));
  }
  await printRows(context, await run.page(page), options, (next) => `sqe page ${run.id} ${next}`);
}

/** What there is to say about a run without rows. */
function endOf({ id, status, error }: RunState): string {
  if (error === undefined) return `Run ${id} is ${status}`;
  const { code, title, detail, fix, mce } = error;
  const said = mce === undefined ? undefined : `Marketing Cloud: ${mce}`;
  return [`${code}: ${title}`, detail, fix, said].filter((it) => it !== undefined).join("\n  ");
}
