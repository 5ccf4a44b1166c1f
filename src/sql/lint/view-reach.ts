import { said } from "./said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { expressionsOf } from "../read/conditions.ts";
import type { Reading, ReadSelect } from "../read/reading.ts";
import type { Expression } from "../syntax/expression-tree.ts";
import { placeOf } from "../syntax/places.ts";
import type { Name, Node } from "../syntax/tree.ts";
import { added, callOf, lengthOfPart, momentOf, numberOf, partOf, startOf, unconverted } from "../types/moments.ts";
import { originOf, unchosen } from "./view-origin.ts";
import { oldestMoment, reachOf, reachWords } from "../view-reach.ts";

/** What a comparison asks of a column: rows before a moment, or since one. */
type Asked = { parts: readonly Name[]; before?: number; since?: number };

/** A column, or one moved by DATEADD: `shiftMs` is what has been added to it. */
type Moved = { parts: readonly Name[]; shiftMs: number };

type Operator = "<" | "<=" | ">" | ">=" | "=";

const turned: Readonly<Record<Operator, Operator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function operatorOf(sign: string): Operator | undefined {
  return sign === "<" || sign === "<=" || sign === ">" || sign === ">=" || sign === "=" ? sign : undefined;
}

/** A month has no fixed length, and a day starts elsewhere: what reaches back a little further is meant to be the reach. */
const slackMs = 3 * 86_400_000;

function movedColumn(expression: Expression | undefined, now: number): Moved | undefined {
  const inner = unchosen(expression);
  if (inner?.kind === "column") return { parts: inner.parts, shiftMs: 0 };
  const call = callOf(inner);
  if (call?.name === "DATETRUNC" || call?.name === "FORMAT")
    return movedColumn(call.args[call.name === "FORMAT" ? 0 : 1], now);
  if (call?.name !== "DATEADD") return undefined;
  const moved = movedColumn(call.args[2], now);
  const count = numberOf(call.args[1], now);
  const length = lengthOfPart(call.args[0]);
  return moved === undefined || count === undefined || length === undefined
    ? undefined
    : { parts: moved.parts, shiftMs: moved.shiftMs + count * length };
}

function bounded({ parts, shiftMs }: Moved, operator: Operator, moment: number): Asked {
  const edge = moment - shiftMs;
  if (operator === "=") return { parts, before: edge, since: edge };
  return operator === "<" || operator === "<=" ? { parts, before: edge } : { parts, since: edge };
}

/** A column's age in a date part: `DATEDIFF(DAY, column, GETDATE())`; `isTurned` where the column stands last and ages count down. */
function agedColumn(call: ReturnType<typeof callOf>, now: number) {
  if (call === undefined || !/^DATEDIFF(?:_BIG)?$/.test(call.name)) return undefined;
  const [part, from, to] = [partOf(call.args[0]), call.args[1], call.args[2]];
  const isTurned = movedColumn(from, now) === undefined;
  const moved = movedColumn(isTurned ? to : from, now);
  const moment = momentOf(isTurned ? from : to, now);
  return part === undefined || moved === undefined || moment === undefined
    ? undefined
    : { part, moved, moment, isTurned };
}

/** What `DATEDIFF(…) operator count` asks: DATEDIFF counts the months that began, so 7 of them may be little over 6. */
function askedAge(expression: Expression, operator: Operator, count: number, now: number): Asked | undefined {
  const call = callOf(unconverted(expression));
  const aged = agedColumn(call, now);
  if (aged === undefined) return undefined;
  const { part, moved, moment, isTurned } = aged;
  const [than, age] = isTurned ? [turned[operator], -count] : [operator, count];
  const begun = (parts: number) => added(startOf(moment, part), part, -parts) - moved.shiftMs;
  const since = moment - age * (lengthOfPart(call?.args[0]) ?? 0) - moved.shiftMs;
  switch (than) {
    case ">":
      return { parts: moved.parts, before: begun(age) };
    case ">=":
      return { parts: moved.parts, before: begun(age - 1) };
    case "=":
      return { parts: moved.parts, before: begun(age - 1), since };
    case "<":
    case "<=":
      return { parts: moved.parts, since };
  }
}

/** `YEAR(column) = 2023`: the rows of a year lie before the next one. */
function yearOfColumn(expression: Expression, operator: Operator, year: number, now: number): Asked | undefined {
  const call = callOf(unconverted(expression));
  const isYear = call?.name === "YEAR" || (call?.name === "DATEPART" && partOf(call.args[0]) === "year");
  const moved = isYear ? movedColumn(call.args.at(-1), now) : undefined;
  if (moved === undefined) return undefined;
  const [start, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  if (operator === "=") return { parts: moved.parts, before: end - moved.shiftMs, since: start - moved.shiftMs };
  return bounded(moved, operator, operator === "<" || operator === ">=" ? start : end);
}

/** What `left operator right` asks of a column on its left. */
function askedOn(left: Expression, operator: Operator, right: Expression, now: number): Asked | undefined {
  const moment = momentOf(right, now);
  const moved = movedColumn(left, now);
  if (moved !== undefined) return moment === undefined ? undefined : bounded(moved, operator, moment);
  const count = numberOf(right, now);
  if (count === undefined) return undefined;
  return askedAge(left, operator, count, now) ?? yearOfColumn(left, operator, count, now);
}

function askedBy(node: Node, now: number): Asked | undefined {
  if (node.kind === "comparison") {
    const { left, right, quantifier } = node;
    const operator = quantifier === undefined ? operatorOf(node.operator) : undefined;
    if (operator === undefined) return undefined;
    return askedOn(left, operator, right, now) ?? askedOn(right, turned[operator], left, now);
  }
  if (node.kind !== "between" || node.isNot) return undefined;
  const low = askedOn(node.operand, ">=", node.low, now);
  const high = askedOn(node.operand, "<=", node.high, now);
  return low === undefined || high === undefined ? (low ?? high) : { ...low, ...high };
}

function remarkOf(view: string, reach: string, isNothing: boolean): Remark {
  return { ...said(isNothing ? "VIEW_REACH:none" : "VIEW_REACH:some", view, reach), severity: "warning" };
}

function reachFinding(reading: Reading, read: ReadSelect, { parts, before, since }: Asked, now: number): Finding[] {
  const { table, column } = originOf(reading, read, parts) ?? { table: "", column: "" };
  const reach = reachOf(table);
  if (reach?.columns.includes(column.toLowerCase()) !== true) return [];
  const oldest = oldestMoment(reach, now);
  const isNothing = before !== undefined && before <= oldest;
  if (!isNothing && (since === undefined || since >= oldest - slackMs)) return [];
  return [{ ...placeOf(parts), remark: remarkOf(table, reachWords(reach), isNothing) }];
}

/** Comparisons that ask a data view for rows older than those it keeps: MCE gives none, and says nothing. */
export function reachFindings(reading: Reading, now: number | undefined): Finding[] {
  if (now === undefined) return [];
  const hasReach = [...reading.tables.keys()].some((key) => reachOf(key.replace(/^ent\./, "")) !== undefined);
  if (!hasReach) return [];
  return reading.selects.flatMap((read) =>
    expressionsOf(read.select).flatMap((expression) => {
      const asked = askedBy(expression, now);
      return asked === undefined ? [] : reachFinding(reading, read, asked, now);
    }),
  );
}
