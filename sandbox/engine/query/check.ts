import type { CheckTarget, Refusal, Scope } from "../scope.ts";
import { checkerPrefix } from "../rules/text-rules.ts";
import { compile, type Compiled } from "./compile.ts";
import type { Runtime } from "./runtime.ts";

function refused(message: string): Refusal {
  return { kind: "refused", message };
}

/** The refusal of an Overwrite or Append that reads its own target (MCE 5.1). */
export const ownTargetRefused = "Update Type must be 'Update' or the target data extension cannot appear in the query.";

/** How the columns of a query and the target's fields must agree; MCE 5.1, 5.2, 8.1. */
export function checkTarget({ relation, tables }: Compiled, target: CheckTarget): Refusal | undefined {
  const fields = new Map(target.fields.map((field) => [field.name.toLowerCase(), field]));
  const given = new Set(relation.columns.map(({ name }) => (name ?? "").toLowerCase()));
  const extra = relation.columns.find(({ name }) => !fields.has((name ?? "").toLowerCase()));
  if (extra !== undefined) return refused(`${checkerPrefix}Invalid column name '${extra.name ?? ""}'.`);
  const missing = target.fields.find(
    ({ name, isRequired, isPrimaryKey }) => (isRequired || isPrimaryKey) && !given.has(name.toLowerCase()),
  );
  if (missing !== undefined) return refused(`Field '${missing.name}' is required for the Target Data Extension`);
  if (target.updateType === "Update") {
    const keys = target.fields.filter(({ isPrimaryKey }) => isPrimaryKey);
    // MCE's texts for these are not known (MCE 5.1 gives only the rule).
    if (keys.length === 0) return refused("The Update action requires a primary key on the Target Data Extension");
    if (keys.length === target.fields.length)
      return refused("The Update action requires a field that is no primary key on the Target Data Extension");
  }
  const isOwn = target.updateType !== "Update" && target.mayBeRead !== true && tables.has(target.name.toLowerCase());
  return isOwn ? refused(ownTargetRefused) : undefined;
}

/** What MCE checks when a query is saved. */
export function check(
  runtime: Runtime,
  sql: string,
  scope: Scope,
  target?: CheckTarget,
): { kind: "fine"; columns: { name: string }[] } | Refusal {
  const compiled = compile(runtime, sql, scope);
  if (compiled.kind === "refused") return compiled;
  const mismatch = target === undefined ? undefined : checkTarget(compiled, target);
  return mismatch ?? { kind: "fine", columns: compiled.relation.columns.map(({ name }) => ({ name: name ?? "" })) };
}
