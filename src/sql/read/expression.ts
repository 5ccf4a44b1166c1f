import { arithmetic, type Operand } from "../types/arithmetic.ts";
import { at, childrenOf, listAt, nameOf, namesOf, variant, type Name } from "./ast.ts";
import { doubtComparison } from "./comparison.ts";
import { typeOfDataType } from "../types/data-types.ts";
import { datePartFunctions } from "../functions/date.ts";
import { typingOf } from "../functions/all.ts";
import { typeOfLiteral, wholeDigits } from "../types/literals.ts";
import { placeOfSelect } from "../text/places.ts";
import type { Reading } from "./reading.ts";
import { resolve, typeOfResolved, type Scope } from "./scope.ts";
import { bit, date, nullType, unknownType, widestOf, type SqlType } from "../types/sql-type.ts";

type Reader = (reading: Reading, body: unknown, scope: Scope) => SqlType;

function columnType(reading: Reading, parts: readonly Name[], scope: Scope): SqlType {
  const resolved = resolve(scope, parts);
  if (resolved.kind !== "column") reading.doubts.push({ kind: "column", parts, resolved, scope });
  return typeOfResolved(resolved);
}

/** Reads every expression and query below a node for its names; the types are of no interest. */
export function readAll(reading: Reading, node: unknown, scope: Scope): void {
  if (Array.isArray(node)) {
    for (const item of node) readAll(reading, item, scope);
    return;
  }
  const { tag, body } = variant(node);
  if (readers.has(tag)) typeOfExpression(reading, node, scope);
  else if (body !== undefined) for (const child of childrenOf(node)) readAll(reading, child, scope);
}

function operand(reading: Reading, expression: unknown, scope: Scope): Operand {
  const type = typeOfExpression(reading, expression, scope);
  const literalDigits = wholeDigits(expression);
  return literalDigits === undefined ? { type } : { type, literalDigits };
}

const typedOperators = new Set([
  "Plus",
  "Minus",
  "Multiply",
  "Divide",
  "Modulo",
  "StringConcat",
  "BitwiseAnd",
  "BitwiseOr",
  "BitwiseXor",
]);

function binary(reading: Reading, body: unknown, scope: Scope): SqlType {
  const left = operand(reading, at(body, "left"), scope);
  const right = operand(reading, at(body, "right"), scope);
  const { tag } = variant(at(body, "op"));
  doubtComparison(
    reading,
    tag,
    { expression: at(body, "left"), type: left.type },
    { expression: at(body, "right"), type: right.type },
  );
  return typedOperators.has(tag) ? arithmetic(tag, left, right) : bit;
}

function predicate(reading: Reading, body: unknown, scope: Scope): SqlType {
  for (const child of Array.isArray(body) ? body : [body]) {
    if (readers.has(variant(child).tag)) typeOfExpression(reading, child, scope);
    else for (const inner of childrenOf(child)) readAll(reading, inner, scope);
  }
  return bit;
}

function caseOf(reading: Reading, body: unknown, scope: Scope): SqlType {
  readAll(reading, at(body, "operand"), scope);
  const results: SqlType[] = [];
  for (const branch of listAt(body, "conditions")) {
    readAll(reading, at(branch, "condition"), scope);
    results.push(typeOfExpression(reading, at(branch, "result"), scope));
  }
  const otherwise = at(body, "else_result");
  if (otherwise !== null && otherwise !== undefined) results.push(typeOfExpression(reading, otherwise, scope));
  return widestOf(results);
}

function converted(reading: Reading, body: unknown, scope: Scope): SqlType {
  const source = typeOfExpression(reading, at(body, "expr"), scope);
  const target = typeOfDataType(at(body, "data_type"));
  // What is no longer than the source needs no unbounded field.
  return target.kind === "text" && target.length === "max" && source.kind === "text" ? source : target;
}

/** The argument expressions of a call; `*` and named arguments are left out. */
function argumentsOf(call: unknown): unknown[] {
  const { tag, body } = variant(at(call, "args"));
  if (tag !== "List") return [];
  return listAt(body, "args").flatMap((argument) => at(at(argument, "Unnamed"), "Expr") ?? []);
}

function functionCall(reading: Reading, body: unknown, scope: Scope): SqlType {
  const name = (namesOf(at(body, "name")).at(-1)?.value ?? "").toUpperCase();
  const args = argumentsOf(body);
  const types = args.map((argument, index) =>
    index === 0 && datePartFunctions.has(name) ? nullType : typeOfExpression(reading, argument, scope),
  );
  for (const key of ["over", "within_group", "filter"]) readAll(reading, at(body, key), scope);
  return typingOf(name)?.({ args, types }) ?? unknownType;
}

/** Functions the parser gives nodes of their own: their arguments under these keys. */
function special(name: string, keys: readonly string[]): Reader {
  return (reading, body, scope) => {
    const args = keys.map((key) => at(body, key)).filter((argument) => argument !== null && argument !== undefined);
    const types = args.map((argument) => typeOfExpression(reading, argument, scope));
    return typingOf(name)?.({ args, types }) ?? unknownType;
  };
}

/** A subquery that stands for one value: the type of its only column. */
function scalarQuery(reading: Reading, query: unknown, scope: Scope): SqlType {
  const { columns, isOpen } = reading.queryColumns(reading, query, scope, "value");
  if (columns.length > 1 && !isOpen) {
    reading.doubts.push({ kind: "wide-subquery", columns: columns.length, place: placeOfSelect(reading, query) });
  }
  return columns[0]?.type ?? unknownType;
}

function existsTest(reading: Reading, body: unknown, scope: Scope): SqlType {
  reading.queryColumns(reading, at(body, "subquery"), scope, "value");
  return bit;
}

function inTest(reading: Reading, body: unknown, scope: Scope): SqlType {
  readAll(reading, at(body, "expr"), scope);
  scalarQuery(reading, at(body, "subquery"), scope);
  return bit;
}

function inner(reading: Reading, body: unknown, scope: Scope): SqlType {
  return typeOfExpression(reading, body, scope);
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["Identifier", (reading, body, scope) => columnType(reading, [nameOf(body) ?? []].flat(), scope)],
  ["CompoundIdentifier", (reading, body, scope) => columnType(reading, namesOf(body), scope)],
  ["Value", (_reading, body) => typeOfLiteral(at(body, "value"))],
  ["TypedString", (_reading, body) => typeOfDataType(at(body, "data_type"))],
  ["Nested", inner],
  ["BinaryOp", binary],
  [
    "UnaryOp",
    (reading, body, scope) => {
      const type = typeOfExpression(reading, at(body, "expr"), scope);
      return at(body, "op") === "Not" ? bit : type;
    },
  ],
  ["Case", caseOf],
  ["Cast", converted],
  ["Convert", converted],
  ["Function", functionCall],
  ["Subquery", scalarQuery],
  ["Exists", existsTest],
  ["InSubquery", inTest],
  [
    "AtTimeZone",
    (reading, body, scope) => (
      readAll(reading, at(body, "timestamp"), scope),
      readAll(reading, at(body, "time_zone"), scope),
      date
    ),
  ],
  ["Collate", (reading, body, scope) => typeOfExpression(reading, at(body, "expr"), scope)],
  ["Substring", special("SUBSTRING", ["expr", "substring_from", "substring_for"])],
  ["Trim", special("TRIM", ["expr"])],
  ["Floor", special("FLOOR", ["expr"])],
  ["Ceil", special("CEILING", ["expr"])],
  ["Position", special("CHARINDEX", ["expr", "in"])],
  ["Extract", special("DATEPART", ["expr"])],
  ["Overlay", special("STUFF", ["expr", "overlay_from", "overlay_for", "overlay_what"])],
  ...[
    "IsNull",
    "IsNotNull",
    "IsTrue",
    "IsFalse",
    "IsDistinctFrom",
    "IsNotDistinctFrom",
    "Between",
    "InList",
    "Like",
    "ILike",
    "AnyOp",
    "AllOp",
  ].map((tag): [string, Reader] => [tag, predicate]),
]);

/** The type an expression has where it stands; its names are looked up and its subqueries read on the way. */
export function typeOfExpression(reading: Reading, expression: unknown, scope: Scope): SqlType {
  const { tag, body } = variant(expression);
  const reader = readers.get(tag);
  if (reader !== undefined) return reader(reading, body, scope);
  for (const child of childrenOf(expression)) readAll(reading, child, scope);
  return unknownType;
}
