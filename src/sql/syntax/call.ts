import { castArgument } from "./cast.ts";
import { accept, expect, peek, since, word, type Parser } from "./parser.ts";
import { close } from "./recover.ts";
import type { Call, Expression } from "./expression-tree.ts";
import type { Name } from "./tree.ts";
import { orderBy, windowHere } from "./window.ts";
import { upperCase } from "../text/upper-case.ts";

/** Functions whose first argument names a part of a date. */
const datePartFunctions: ReadonlySet<string> = new Set(
  "DATEADD DATEDIFF DATEDIFF_BIG DATEPART DATENAME DATETRUNC DATE_BUCKET".split(" "),
);

const castFunctions: ReadonlySet<string> = new Set(["CAST", "TRY_CAST", "PARSE", "TRY_PARSE"]);

function keyword(p: Parser): Expression {
  const { start, end } = peek(p);
  p.at += 1;
  return { kind: "keyword", value: p.sql.slice(start, end), start, end };
}

/** What may stand behind an argument before the next comma: `TRIM(x FROM y)`, `JSON_OBJECT('a': 1 NULL ON NULL)`. */
function moreOf(p: Parser, name: string, args: Expression[]): void {
  if (word(p) === ":" || (word(p) === "FROM" && name === "TRIM")) {
    p.at += 1;
    args.push(p.expression(p));
  }
  if (word(p, 1) === "ON" && word(p, 2) === "NULL") p.at += 3;
}

function argument(p: Parser, name: string, args: Expression[]): void {
  const isPart = args.length === 0 && datePartFunctions.has(name) && [",", ")"].includes(word(p, 1));
  args.push(isPart && peek(p).kind === "word" ? keyword(p) : p.expression(p));
  if (word(p) !== "," && word(p) !== ")") moreOf(p, name, args);
}

/** Reads the arguments of a call whose parenthesis is open, and closes it. */
export function callArguments(p: Parser, name: string): { args: Expression[]; isDistinct: boolean } {
  const args: Expression[] = [];
  const isDistinct = accept(p, "DISTINCT");
  if (!isDistinct) accept(p, "ALL");
  // TRIM(LEADING 'x' FROM y)
  const isWay = name === "TRIM" && ["LEADING", "TRAILING", "BOTH"].includes(word(p)) && peek(p, 1).kind !== "operator";
  if (isWay) p.at += 1;
  if (accept(p, ")")) return { args, isDistinct };
  do argument(p, name, args);
  while (accept(p, ","));
  const first = args.at(-1);
  const inside = close(p);
  if (first !== undefined && inside.length > 0) {
    args.splice(-1, 1, { kind: "opaque", inside: [first, ...inside], ...since(p, first.start) });
  }
  return { args, isDistinct };
}

/** What may follow a call: WITHIN GROUP, IGNORE NULLS, OVER. */
function readBehind(p: Parser, node: Call): void {
  if (word(p) === "WITHIN" && word(p, 1) === "GROUP") {
    p.at += 2;
    if (expect(p, "(")) {
      node.withinGroup = accept(p, "ORDER") ? orderBy(p) : [];
      close(p);
    }
  }
  if ((word(p) === "IGNORE" || word(p) === "RESPECT") && word(p, 1) === "NULLS") p.at += 2;
  if (word(p) === "OVER") node.over = windowHere(p);
}

/** Reads a call, whose name is read and whose parenthesis comes next. */
export function call(p: Parser, name: Name[]): Call | Extract<Expression, { kind: "cast" }> {
  const start = name[0]?.start ?? peek(p).start;
  const upper = upperCase(name.at(-1)?.value ?? "");
  p.at += 1;
  if (name.length === 1 && castFunctions.has(upper)) return castArgument(p, upper, start);
  const { args, isDistinct } = callArguments(p, upper);
  const node: Call = { kind: "call", name, args, ...since(p, start) };
  if (isDistinct) node.isDistinct = true;
  readBehind(p, node);
  return Object.assign(node, since(p, start));
}
