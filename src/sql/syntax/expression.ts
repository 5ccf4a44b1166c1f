import { report, since, word, type Parser } from "./parser.ts";
import { operand } from "./postfix.ts";
import { predicate } from "./predicate.ts";
import { isTooDeep, isTooHigh, tooDeep, tooHigh } from "./recover.ts";
import type { Arithmetic, Expression, Logical, Not, Unary } from "./expression-tree.ts";

const orPower = 1;
const andPower = 2;
const comparisonPower = 4;
const sumPower = 5;
const productPower = 6;

/**
 * How tightly operators bind in T-SQL. A sign before a value binds like a sum, so `2 / -a * b` is `2 / -(a * b)`.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/operator-precedence-transact-sql
 */
const powers: ReadonlyMap<string, number> = new Map(
  Object.entries({
    OR: orPower,
    AND: andPower,
    "= < > <= >= <> != !< !> ! IN LIKE BETWEEN IS": comparisonPower,
    "+ - & | ^ ||": sumPower,
    "* / %": productPower,
  }).flatMap(([operators, power]) => operators.split(" ").map((operator): [string, number] => [operator, power])),
);

const negated: ReadonlySet<string> = new Set(["IN", "LIKE", "BETWEEN"]);

/** How tightly the operator that comes next binds; 0 when none does. */
function powerHere(p: Parser): number {
  const upper = word(p);
  if (upper === "NOT") return negated.has(word(p, 1)) ? comparisonPower : 0;
  return powers.get(upper) ?? 0;
}

/** A prefix operator's operand, or what is there when it is nested too deeply. */
function nested(p: Parser, read: (p: Parser) => Expression): Expression {
  if (isTooDeep(p, 1)) return tooDeep(p, false);
  const before = p.height;
  p.depth += 1;
  p.height = 0;
  const node = read(p);
  p.depth -= 1;
  p.height = Math.max(before, p.height + 1);
  return node;
}

const product = (p: Parser): Expression => climb(p, productPower);
const condition = (p: Parser): Expression => climb(p, comparisonPower);

function unary(p: Parser, operator: Unary["operator"], start: number): Unary {
  p.at += 1;
  const inner = nested(p, operator === "~" ? prefixed : product);
  return { kind: "unary", operator, operand: inner, ...since(p, start) };
}

function not(p: Parser, start: number): Not {
  p.at += 1;
  const inner = nested(p, condition);
  return { kind: "not", operand: inner, ...since(p, start) };
}

function prefixed(p: Parser): Expression {
  const { upper, start } = p.tokens[p.at] ?? p.end;
  if (upper === "NOT") return not(p, start);
  return upper === "-" || upper === "+" || upper === "~" ? unary(p, upper, start) : operand(p);
}

/** All operands of one precedence that follow one another. */
function chain(p: Parser, first: Expression, power: number): Arithmetic | Logical {
  const operands = [first];
  const operators: Arithmetic["operators"] = [];
  while (powerHere(p) === power) {
    const { start, end, upper } = p.tokens[p.at] ?? p.end;
    operators.push({ text: upper, start, end });
    p.at += 1;
    operands.push(climb(p, power + 1));
  }
  const span = since(p, first.start);
  if (power > comparisonPower) return { kind: "arithmetic", operands, operators, ...span };
  return { kind: "logical", operator: power === orPower ? "OR" : "AND", operands, ...span };
}

const sumOf = (p: Parser): Expression => climb(p, sumPower);

/** An expression of operators that bind at least as tightly as `least`. */
function climb(p: Parser, least: number): Expression {
  const before = p.height;
  p.height = 0;
  let left = prefixed(p);
  let last = Infinity;
  for (let power = powerHere(p); power >= least && power > 0; power = powerHere(p)) {
    // A predicate has no second one behind it, and no sum: `a = b = c` is read, but noted.
    if (power >= last) report(p, "UNEXPECTED", word(p));
    if (isTooHigh(p)) {
      left = tooHigh(p, left);
      break;
    }
    last = power;
    left = power === comparisonPower ? predicate(p, left, sumOf) : chain(p, left, power);
    p.height += 1;
  }
  p.height = Math.max(before, p.height);
  return left;
}

/** Reads an expression or a condition: T-SQL's own, and whatever else its operators can join. */
export function expression(p: Parser): Expression {
  return nested(p, (inner) => climb(inner, orPower));
}
