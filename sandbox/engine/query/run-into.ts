import type { Applied, CheckTarget, Scope } from "../scope.ts";
import { applyRows } from "../store/apply.ts";
import { checkTarget } from "./check.ts";
import { compile, refusalOf } from "./compile.ts";
import { execute } from "./execute.ts";
import type { Runtime } from "./runtime.ts";
import { checkerPrefix } from "../rules/text-rules.ts";

function failed(message: string): Applied {
  // The checker's prefix belongs to saving a query; a failed run has SQL Server's text alone.
  return { kind: "failed", message: message.startsWith(checkerPrefix) ? message.slice(checkerPrefix.length) : message };
}

/** Runs a SELECT into an existing table; see `Engine.run`. */
export function runInto(runtime: Runtime, sql: string, scope: Scope, target: Omit<CheckTarget, "fields">): Applied {
  const table = runtime.catalog.find(scope.mid, target.name);
  if (table === undefined || table.isSystem) return failed(`Invalid object name 'C${scope.mid}.${target.name}'.`);
  runtime.catalog.fill(table);
  if (target.updateType === "Overwrite") runtime.catalog.clear(table);
  const compiled = compile(runtime, sql, scope);
  if (compiled.kind === "refused") return failed(compiled.message);
  const mismatch = checkTarget(compiled, {
    ...target,
    name: table.name,
    fields: table.columns.map(({ field }) => field),
  });
  if (mismatch !== undefined) return failed(mismatch.message);
  try {
    const columns = compiled.relation.columns.map(({ name, type }) => ({ name: name ?? "", type }));
    const rows = execute(runtime, compiled);
    return {
      kind: "applied",
      rows: applyRows(
        runtime.db,
        scope.mid,
        table,
        { columns, rows },
        target.updateType === "Update" ? "update" : "insert",
      ),
    };
  } catch (error) {
    return failed(refusalOf(error, "").message);
  }
}
