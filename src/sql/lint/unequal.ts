import type { Finding } from "../diagnostic.ts";
import { at, listAt, variant, type Name } from "../read/ast.ts";
import type { Reading } from "../read/reading.ts";
import { placeOf } from "../text/places.ts";
import { literalNumber, literalText } from "../types/literals.ts";
import { columnParts, mentions, nullableIn, unnested } from "./nullable.ts";

/** Beyond these nobody reads on, and each is looked for among all others. */
const maxConditions = 50;

/** The conditions that must all be true, in the order written. */
function conjuncts(node: unknown, found: unknown[] = []): unknown[] {
  const inner = unnested(node);
  const { tag, body } = variant(inner);
  if (tag === "BinaryOp" && at(body, "op") === "And") {
    conjuncts(at(body, "left"), found);
    conjuncts(at(body, "right"), found);
  } else if (inner !== null && inner !== undefined) found.push(inner);
  return found;
}

function isValue(node: unknown): boolean {
  return (literalText(node) ?? "") !== "" || literalNumber(node) !== undefined;
}

/** The column a condition wants to be other than some values; `<> ''` asks for values that are there. */
function unequalColumn(condition: unknown): Name[] {
  const { tag, body } = variant(condition);
  if (tag === "BinaryOp" && at(body, "op") === "NotEq" && isValue(at(body, "right")))
    return columnParts(at(body, "left"));
  const isList = tag === "InList" && at(body, "negated") === true && listAt(body, "list").every(isValue);
  return isList ? columnParts(at(body, "expr")) : [];
}

/**
 * `Phone <> '1'` in a WHERE that says nothing else of Phone: rows without a phone are left out, which few expect.
 *
 * Only where MCE says that the column may be empty, and for a whole condition of WHERE: 2 % of real queries (2026-11).
 */
export function unequalFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap(({ select, scope }) => {
    const conditions = conjuncts(at(select, "selection"));
    if (conditions.length > maxConditions) return [];
    return conditions.flatMap((condition): Finding[] => {
      const parts = unequalColumn(condition);
      const name = parts.at(-1);
      if (name === undefined || nullableIn(reading, scope, parts) === undefined) return [];
      if (conditions.some((other) => other !== condition && mentions(other, name.value))) return [];
      const message = `Rows without ${name.value} are left out: NULL is neither equal nor unequal to a value`;
      const fix = `To keep them, write (… OR ${name.value} IS NULL)`;
      return [{ ...placeOf(reading, [name]), remark: { code: "NULL_LEFT_OUT", severity: "warning", message, fix } }];
    });
  });
}
