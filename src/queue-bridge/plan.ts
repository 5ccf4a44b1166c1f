import { Column } from "#protocol/column.ts";
import type { OutputColumn } from "#sql/fields.ts";
import { inferColumns, tablesOf } from "#sql/infer.ts";
import type { DrivenRun } from "./driven-run.ts";
import { endHere } from "./driven-run.ts";
import type { Outcome } from "./ending.ts";
import { done } from "./ending.ts";
import { cannotRead, explain } from "./failures.ts";
import { patiently } from "./patience.ts";

/** What is going to run: the SELECT with stars written out, and the columns it gives. */
export type Plan = { sql: string; columns: readonly Column[]; notes: readonly string[] };

const noteMax = 500;
/** As many as a `planned` transition takes. */
const columnsMax = 1000;

/** Reads the fields of the query's tables and infers its columns. */
export async function planRun(run: DrivenRun): Promise<Outcome<Plan>> {
  const { sql, tenancy } = run.spec;
  const tables = tablesOf(sql);
  if (tables.kind === "unknown") return endHere(run, failed([{ message: tables.why }]));
  const extensions = tables.tables.filter((table) => !table.isDataView);
  const fieldsOf = await patiently(run, () => run.metadata.read(run.mce, tenancy, extensions, run.signal));
  if (!fieldsOf.ok) {
    return endHere(run, { kind: "failed", error: explain(fieldsOf.failure, "reading the tables' fields") });
  }
  const inferred = inferColumns(sql, fieldsOf.value);
  switch (inferred.kind) {
    case "unknown":
      return endHere(run, failed([{ message: inferred.why }]));
    case "refused":
      return endHere(run, failed(inferred.diagnostics));
    case "inferred": {
      const columns = Column.array().min(1).max(columnsMax).safeParse(inferred.columns.map(columnOf));
      if (!columns.success) {
        return endHere(
          run,
          failed([{ message: `A result has 1 to ${columnsMax} columns with names of 1 to 128 characters` }]),
        );
      }
      const notes = inferred.notes.map((note) => note.slice(0, noteMax));
      return done({ sql: inferred.sql, columns: columns.data, notes });
    }
  }
}

function failed(problems: Parameters<typeof cannotRead>[0]) {
  return { kind: "failed", error: cannotRead(problems) } as const;
}

function columnOf({ fieldType, ...rest }: OutputColumn): Column {
  return { ...rest, type: fieldType };
}
