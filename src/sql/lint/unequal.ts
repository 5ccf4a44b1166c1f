import { said } from "./said.ts";
import type { Finding } from "../diagnostic.ts";
import type { Reading } from "../read/reading.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name } from "../syntax/tree.ts";
import { literalNumber, literalText } from "../types/literals.ts";
import { columnParts, mentions, nullableIn, unnested } from "./nullable.ts";

/** Beyond these nobody reads on, and each is looked for among all others. */
const maxConditions = 50;

/** The conditions that must all be true, in the order written. */
function conjuncts(condition: Expression): Expression[] {
  const inner = unnested(condition);
  return inner.kind === "logical" && inner.operator === "AND" ? inner.operands.flatMap(conjuncts) : [inner];
}

function isValue(expression: Expression): boolean {
  return (literalText(expression) ?? "") !== "" || literalNumber(expression) !== undefined;
}

/** The column a condition wants to be other than some values; `<> ''` asks for values that are there. */
function unequalColumn(condition: Expression): readonly Name[] {
  if (condition.kind === "comparison") {
    const isUnequal = condition.operator === "<>" || condition.operator === "!=";
    return isUnequal && isValue(condition.right) ? columnParts(condition.left) : [];
  }
  const isList = condition.kind === "in" && condition.isNot && condition.query === undefined;
  return isList && condition.list.every(isValue) ? columnParts(condition.operand) : [];
}

/**
 * `Phone <> '1'` in a WHERE that says nothing else of Phone: rows without a phone are left out, which few expect.
 *
 * Only where MCE says that the column may be empty, and for a whole condition of WHERE: 2 % of real queries (2026-11).
 */
export function unequalFindings(reading: Reading): Finding[] {
  return reading.selects.flatMap(({ select, scope }) => {
    const conditions = select.where === undefined ? [] : conjuncts(select.where);
    if (conditions.length > maxConditions) return [];
    return conditions.flatMap((condition): Finding[] => {
      const parts = unequalColumn(condition);
      const name = parts.at(-1);
      if (name === undefined || nullableIn(reading, scope, parts) === undefined) return [];
      if (conditions.some((other) => other !== condition && mentions(other, name.value))) return [];
      return [{ ...placeOf([name]), remark: { ...said("NULL_LEFT_OUT", name.value), severity: "warning" } }];
    });
  });
}
