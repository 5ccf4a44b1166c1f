import { call, callArguments } from "./call.ts";
import { caseOf } from "./case.ts";
import { convert } from "./cast.ts";
import { escape } from "./odbc.ts";
import { dotted, isName, takeName, unquoted } from "./names.ts";
import { accept, expect, missing, peek, readEnd, report, setWords, since, word, type Parser } from "./parser.ts";
import { isQueryHere } from "./predicate.ts";
import { close, skip } from "./recover.ts";
import { isStructural } from "./reserved.ts";
import type { Column, Expression, Grouping, Literal } from "./expression-tree.ts";
import type { Name } from "./tree.ts";

/** Functions that are called without parentheses. */
const bare: ReadonlySet<string> = new Set(
  "CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME CURRENT_USER SESSION_USER SYSTEM_USER USER".split(" "),
);

/** Reserved words that are functions where a parenthesis follows. */
const callable: ReadonlySet<string> = new Set(
  "LEFT RIGHT COALESCE NULLIF CONTAINS FREETEXT TSEQUAL IDENTITY CONVERT TRY_CONVERT".split(" "),
);

function literal(p: Parser, type: Literal["type"], value: string): Literal {
  const { start, end } = peek(p);
  p.at += 1;
  return { kind: "literal", type, value, start, end };
}

function numberLiteral(p: Parser): Literal {
  const { start, end } = peek(p);
  const value = p.sql.slice(start, end);
  const isMoney = value.charCodeAt(0) > 57 || value.startsWith("$");
  return literal(p, isMoney ? "money" : /^0x/i.test(value) ? "binary" : "number", value);
}

/** Methods of XML values; T-SQL minds their case. */
const xmlMethods: ReadonlySet<string> = new Set(["value", "query", "exist", "nodes", "modify"]);

/** A column, a method of one, or a call. */
function named(p: Parser, isCallable = false): Expression {
  const first = takeName(p, isCallable);
  const parts = dotted(p, first);
  if (word(p) === "." && word(p, 1) === "*") {
    p.at += 2;
    return { kind: "star", table: parts, ...since(p, first.start) };
  }
  if (word(p) !== "(") return { kind: "column", parts, ...since(p, first.start) };
  const last = parts.at(-1);
  if (last === undefined || parts.length < 2 || !xmlMethods.has(last.value)) return call(p, parts);
  return methodOf(p, parts.slice(0, -1), last);
}

function methodOf(p: Parser, parts: Name[], name: Name): Expression {
  const start = parts[0]?.start ?? name.start;
  const object: Column = { kind: "column", parts, start, end: parts.at(-1)?.end ?? name.start };
  p.at += 1;
  const { args } = callArguments(p, name.value);
  return { kind: "method", object, name, args, ...since(p, start) };
}

/** `(a, b)`: a row, which T-SQL has in GROUP BY and VALUES only. */
function row(p: Parser, first: Expression, start: number): Grouping {
  const items = [first];
  if (!p.takesRows) report(p, "UNEXPECTED", ",");
  while (accept(p, ",")) items.push(p.expression(p));
  close(p);
  return { kind: "grouping", form: "", items, ...since(p, start) };
}

/** `(expression)` or `(query)`; `((query) UNION query)` shows only behind the inner parenthesis what it is. */
function parenthesis(p: Parser): Expression {
  const { start } = peek(p);
  p.at += 1;
  if (isQueryHere(p)) {
    const query = p.query(p);
    close(p);
    return { kind: "subquery", query, ...since(p, start) };
  }
  const inner = p.expression(p);
  if (inner.kind === "subquery" && setWords.has(word(p))) {
    const query = p.continued(p, inner.query);
    close(p);
    return { kind: "subquery", query, ...since(p, start) };
  }
  if (word(p) === ",") return row(p, inner, start);
  const inside = close(p);
  if (inside.length > 0) return { kind: "opaque", inside: [inner, ...inside], ...since(p, start) };
  return { kind: "parens", inner, ...since(p, start) };
}

function reservedWord(p: Parser, upper: string): Expression | undefined {
  const { start } = peek(p);
  switch (upper) {
    case "NULL":
      return literal(p, "null", "");
    case "DEFAULT":
      return literal(p, "default", "");
    case "CASE":
      return caseOf(p);
    case "EXISTS": {
      p.at += 1;
      if (!expect(p, "(")) return missing(p, "(");
      const query = p.query(p);
      close(p);
      return { kind: "exists", query, ...since(p, start) };
    }
    case "CONVERT":
    case "TRY_CONVERT":
      return word(p, 1) === "(" ? convert(p, upper) : undefined;
    default:
      if (!bare.has(upper) || word(p, 1) === "(") return undefined;
      return bareCall(p);
  }
}

function bareCall(p: Parser): Expression {
  const { start, end } = peek(p);
  p.at += 1;
  const value = p.sql.slice(start, end);
  return { kind: "call", name: [{ value, isQuoted: false, start, end }], args: [], isBare: true, start, end };
}

function wordOperand(p: Parser, upper: string): Expression {
  const known = reservedWord(p, upper);
  if (known !== undefined) return known;
  const isCallable = callable.has(upper) && word(p, 1) === "(";
  return isCallable || !isStructural(upper) ? named(p, isCallable) : missing(p, "a column or value");
}

function braces(p: Parser): Expression {
  const { start } = peek(p);
  const escaped = escape(p);
  if (escaped !== undefined) return escaped;
  report(p, "UNEXPECTED", "{");
  const inside = skip(p, new Set(["}"]));
  expect(p, "}");
  return { kind: "opaque", inside, ...since(p, start) };
}

function sign(p: Parser, upper: string): Expression {
  if (upper === "(") return parenthesis(p);
  if (upper === "{") return braces(p);
  if (upper !== "*") return missing(p, "a column or value");
  p.at += 1;
  return { kind: "star", table: [], ...since(p, readEnd(p) - 1) };
}

/** Reads a value: a column, literal, call, CASE, or something in parentheses. */
export function primary(p: Parser): Expression {
  const token = peek(p);
  switch (token.kind) {
    case "number":
      return numberLiteral(p);
    case "string":
      return literal(p, "text", unquoted(p.sql, token));
    case "variable":
      p.at += 1;
      return { kind: "variable", name: p.sql.slice(token.start, token.end), start: token.start, end: token.end };
    case "word":
      return isName(token) ? named(p) : wordOperand(p, token.upper);
    case "temp":
    case "bracket":
    case "quoted":
      return named(p);
    case "operator":
    case "end":
      return sign(p, token.upper);
  }
}
