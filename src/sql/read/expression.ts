import { given } from "#lang/given.ts";
import { typingOf } from "../functions/all.ts";
import { choiceFunctions } from "../functions/choice.ts";
import { datePartFunctions } from "../functions/date.ts";
import type {
  Arithmetic,
  Between,
  Call,
  Case,
  Cast,
  Column,
  Comparison,
  Expression,
  In,
  IsDistinct,
  IsNull,
  Like,
  Logical,
  Not,
  Window,
} from "../syntax/expression-tree.ts";
import { placeOfSelect } from "../syntax/places.ts";
import type { Name, Node, Query } from "../syntax/tree.ts";
import { arithmetic, type Operand } from "../types/arithmetic.ts";
import { keepsMoment, typeOfDataType, writtenType } from "../types/data-types.ts";
import { literalText, typeOfLiteral, wholeDigits } from "../types/literals.ts";
import { partOf } from "../types/moments.ts";
import {
  bit,
  date,
  isNull,
  isUnbounded,
  maxTextLength,
  nullOf,
  nullType,
  text,
  unknownType,
  widestOf,
  type SqlType,
} from "../types/sql-type.ts";
import { doubtComparison } from "./comparison.ts";
import type { Reading } from "./reading.ts";
import { misnamed, resolve, typeOfResolved, type Scope } from "./scope.ts";
import { upperCase } from "../text/upper-case.ts";

function columnType(reading: Reading, parts: readonly Name[], scope: Scope): SqlType {
  const resolved = resolve(scope, parts);
  const type = typeOfResolved(resolved);
  if (resolved.kind !== "column" || resolved.isUnlisted === true)
    reading.doubts.push({ kind: "column", parts, resolved, scope });
  else if (type === misnamed) reading.misnamed.push(...parts.slice(-1));
  return type;
}

/** Reads expressions for their names; the types are of no interest. */
export function readAll(reading: Reading, expressions: readonly (Expression | undefined)[], scope: Scope): void {
  for (const expression of expressions) if (expression !== undefined) typeOfExpression(reading, expression, scope);
}

/** Reads what a window is made of. */
export function readWindow(reading: Reading, { partition, order }: Window, scope: Scope): void {
  readAll(reading, partition, scope);
  for (const { expression } of order) typeOfExpression(reading, expression, scope);
}

function operand(reading: Reading, expression: Expression, scope: Scope): Operand {
  const type = typeOfExpression(reading, expression, scope);
  const literalDigits = wholeDigits(expression);
  return literalDigits === undefined ? { type } : { type, literalDigits };
}

function calculated(reading: Reading, chain: Arithmetic, scope: Scope): SqlType {
  const { operators } = chain;
  const operands = chain.operands.map((one) => operand(reading, one, scope));
  if (operators.some(({ text }) => text === "||"))
    reading.doubts.push({ kind: "joined", chain, types: operands.map(({ type }) => type) });
  const [first = { type: unknownType }, ...others] = operands;
  const { type } = others.reduce<Operand>((left, right, index) => {
    const { text = "" } = operators[index] ?? {};
    return { type: arithmetic(text, left, right) };
  }, first);
  return [first, ...others].some((one) => isNull(one.type)) ? nullOf(type) : type;
}

function compared(reading: Reading, { left, right, quantifier }: Comparison, scope: Scope): SqlType {
  const one = { expression: left, type: typeOfExpression(reading, left, scope) };
  const other = { expression: right, type: typeOfExpression(reading, right, scope) };
  noteBeside(reading, [left, right], [one.type, other.type]);
  if (quantifier === undefined) doubtComparison(reading, one, other);
  return bit;
}

const truth = /^(?:true|false)$/i;

/** Whether an expression is a bare `True` or `False`: a column's name in T-SQL. */
function isTruth(expression: Expression): expression is Column {
  const [name, more] = expression.kind === "column" ? expression.parts : [];
  return name?.isQuoted === false && more === undefined && truth.test(name.value);
}

/** Notes what stands beside each `True` among expressions of one kind. */
function noteBeside(reading: Reading, expressions: readonly Expression[], types: readonly SqlType[]): void {
  const beside = types.find((_type, index) => !expressions.slice(index, index + 1).some(isTruth)) ?? bit;
  for (const expression of expressions) if (isTruth(expression)) reading.beside.set(expression.parts, beside);
}

type Test = In | Logical | Not | IsNull | Between | Like | IsDistinct;

/** What a test, which is true or not, looks at. */
function partsOf(node: Test): readonly (Expression | undefined)[] {
  switch (node.kind) {
    case "in":
      return [node.operand, ...node.list];
    case "logical":
      return node.operands;
    case "not":
    case "is-null":
      return [node.operand];
    case "between":
      return [node.operand, node.low, node.high];
    case "like":
      return [node.operand, node.pattern, node.escape];
    case "is-distinct":
      return [node.left, node.right];
  }
}

function tested(reading: Reading, node: Test, scope: Scope): void {
  const parts = partsOf(node).flatMap((part) => part ?? []);
  noteBeside(
    reading,
    parts,
    parts.map((part) => typeOfExpression(reading, part, scope)),
  );
}

function caseOf(reading: Reading, { operand: compare, branches, otherwise }: Case, scope: Scope): SqlType {
  readAll(reading, [compare], scope);
  const results: SqlType[] = [];
  for (const { condition, result } of branches) {
    typeOfExpression(reading, condition, scope);
    results.push(typeOfExpression(reading, result, scope));
  }
  if (otherwise !== undefined) results.push(typeOfExpression(reading, otherwise, scope));
  noteBeside(
    reading,
    [...branches.map(({ result }) => result), ...(otherwise === undefined ? [] : [otherwise])],
    results,
  );
  return widestOf(results);
}

function converted(reading: Reading, { operand: from, type, style }: Cast, scope: Scope): SqlType {
  const source = typeOfExpression(reading, from, scope);
  readAll(reading, [style], scope);
  const target = typeOfDataType(type);
  if (isNull(source)) return nullOf(target);
  if (target.kind === "date" && source.kind === "date" && keepsMoment(type)) return source;
  if (!isUnbounded(target) || style !== undefined || source.kind !== "text" || type.name === "xml") return target;
  // A copy needs no longer field than its source; a style may write bytes as twice as many digits, and XML `&gt;` for a sign.
  const atMost = source.length === "max" ? source.atMost : source.length;
  return atMost === undefined || atMost > maxTextLength ? target : { kind: "text", length: "max", atMost };
}

function functionCall(reading: Reading, call: Call, scope: Scope): SqlType {
  const name = upperCase(call.name.at(-1)?.value ?? "");
  // TRIM('x' FROM text): the text comes last.
  const args = (name === "TRIM" ? call.args.slice(-1) : call.args).filter(({ kind }) => kind !== "star");
  const typing = typingOf(name);
  const types = args.map((argument, index) => {
    // What is no function may be one of these misspelt.
    const isPart =
      datePartFunctions.has(name) || (typing === undefined && args.length > 1 && partOf(argument) !== undefined);
    return index === 0 && isPart ? nullType : typeOfExpression(reading, argument, scope);
  });
  // Of what else is called, nobody knows what it makes of a Boolean.
  noteBeside(reading, args, Object.hasOwn(choiceFunctions, name) ? types : args.map(() => date));
  if (call.over !== undefined) readWindow(reading, call.over, scope);
  const [within] = (call.withinGroup ?? []).map(({ expression }) => typeOfExpression(reading, expression, scope));
  return typing?.({ args, types, ...given({ within }) }) ?? unknownType;
}

/** XML's methods: the type `value()` names, true or not, or XML again. */
function methodType(name: string, args: readonly Expression[]): SqlType {
  switch (name) {
    case "value":
      return writtenType(literalText(args[1]) ?? "");
    case "exist":
      return bit;
    case "query":
      return text("max");
    default:
      return unknownType;
  }
}

/** A subquery that stands for one value: the type of its only column. */
function scalarQuery(reading: Reading, query: Query, scope: Scope): SqlType {
  const { columns, isOpen } = reading.queryColumns(reading, query, scope, "value");
  if (columns.length > 1 && !isOpen) {
    reading.doubts.push({ kind: "wide-subquery", columns: columns.length, place: placeOfSelect(query) });
  }
  return columns[0]?.type ?? unknownType;
}

/** Reads the queries and expressions in a piece of an expression that is not understood. */
function readInside(reading: Reading, nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    if (node.kind === "query") reading.queryColumns(reading, node, scope, "value");
    // An opaque expression holds queries and expressions only.
    else typeOfExpression(reading, node as Expression, scope);
  }
}

/** The type an expression has where it stands; its names are looked up and its subqueries read on the way. */
export function typeOfExpression(reading: Reading, node: Expression, scope: Scope): SqlType {
  switch (node.kind) {
    case "column":
      return columnType(reading, node.parts, scope);
    case "literal":
      return typeOfLiteral(node);
    case "keyword":
      return nullType;
    case "parens":
      return typeOfExpression(reading, node.inner, scope);
    case "arithmetic":
      return calculated(reading, node, scope);
    case "comparison":
      return compared(reading, node, scope);
    case "unary":
    case "collate":
      return typeOfExpression(reading, node.operand, scope);
    case "case":
      return caseOf(reading, node, scope);
    case "cast":
      return converted(reading, node, scope);
    case "call":
      return functionCall(reading, node, scope);
    case "subquery":
      return scalarQuery(reading, node.query, scope);
    case "exists":
      reading.queryColumns(reading, node.query, scope, "value");
      return bit;
    case "in":
    case "logical":
    case "not":
    case "is-null":
    case "between":
    case "like":
    case "is-distinct":
      tested(reading, node, scope);
      if (node.kind === "in" && node.query !== undefined) scalarQuery(reading, node.query, scope);
      return bit;
    case "at-time-zone":
      // Whose time it is then, its name would have to tell.
      readAll(reading, [node.operand, node.zone], scope);
      return date;
    case "method":
      // A column before a method may be a type: geography::Point(…).
      readAll(reading, node.object.kind === "column" ? node.args : [node.object, ...node.args], scope);
      return methodType(node.name.value, node.args);
    case "grouping":
      readAll(reading, node.items, scope);
      return unknownType;
    case "opaque":
      readInside(reading, node.inside, scope);
      return unknownType;
    case "star":
    case "variable":
    case "missing":
      return unknownType;
  }
}
