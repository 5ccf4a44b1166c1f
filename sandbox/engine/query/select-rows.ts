import { toValue } from "../convert/value.ts";
import type { Refusal, Rows, Scope } from "../scope.ts";
import { compile, refusalOf } from "./compile.ts";
import { execute } from "./execute.ts";
import type { Runtime } from "./runtime.ts";

/** Runs a SELECT without a target. */
export function selectRows(runtime: Runtime, sql: string, scope: Scope): Rows | Refusal {
  const compiled = compile(runtime, sql, scope);
  if (compiled.kind === "refused") return compiled;
  const { columns } = compiled.relation;
  try {
    const rows = execute(runtime, compiled);
    const writers = columns.map(({ type }) => toValue(type));
    return {
      kind: "rows",
      columns: columns.map(({ name }) => ({ name: name ?? "" })),
      rows: rows.map((row) => writers.map((write, at) => write(row[at] ?? null))),
    };
  } catch (error) {
    return refusalOf(error, "");
  }
}
