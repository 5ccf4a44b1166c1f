import { given } from "#lang/given.ts";
import { check } from "./check.ts";
import { diagnosticsOf, isError, type Diagnostic, type Finding } from "./diagnostic.ts";
import type { Edit } from "./read/reading.ts";
import { readText, whyLost, type Query } from "./query.ts";
import { replaced, write, type Written } from "./rewrite/written.ts";
import type { Node } from "./syntax/tree.ts";
import { childrenOf } from "./syntax/walk.ts";
import { linesOf } from "./text/positions.ts";
import { spliced } from "./text/splice.ts";

/** A value for `@name`, as the literal of its type that it becomes. */
export type Parameter = { name: string; literal: string };

/** A value in a text: where it stands there, how long it is, and how long the user's own words are. */
export type FilledPlace = { at: number; length: number; was: number };

/** The text with every parameter's value in it, or where and why that cannot be. */
export type WithParameters =
  | { ok: true; written: Written; filled: FilledPlace[] }
  | { ok: false; diagnostics: Diagnostic[] };

/** A variable of a text: its name in lower case, without its sign. */
type Variable = { start: number; end: number; name: string };

/**
 * Writes values in place of `@name`, where an expression may stand and nowhere else.
 *
 * No diagnostic holds a value: they speak of names and places only.
 *
 * @param parameters each name once, whatever its case
 */
export function withParameters(sql: string, parameters: readonly Parameter[]): WithParameters {
  const query = readText(sql);
  const values = new Map(parameters.map(({ name, literal }) => [name.toLowerCase(), literal]));
  const used = new Set<string>();
  const expressions = new Set(expressionsOf(query.tree).map(({ start }) => start));
  const findings: Finding[] = [];
  const misplaced: Finding[] = [];
  const splices = variablesOf(query).flatMap(({ start, end, name }) => {
    const literal = values.get(name);
    if (literal === undefined) findings.push(withoutValue(sql, start, end));
    else if (!expressions.has(start)) misplaced.push(outOfPlace(sql, start, end));
    used.add(name);
    return literal === undefined ? [] : [{ start, end, text: padded(sql, start, end, literal) }];
  });
  // What is never closed may hold a name that is used.
  if (query.unclosed.length === 0)
    findings.push(...parameters.flatMap(({ name }) => (used.has(name.toLowerCase()) ? [] : [withoutName(sql, name)])));
  const isLost = parameters.length > 0 && query.lost !== undefined;
  const faults =
    misplaced.length > 0 || isLost ? faultsOf(sql, new Set(variablesOf(query).map(({ name }) => name))) : [];
  const written = write(sql, splices.map(replaced));
  if (faults.length === 0) findings.push(...misplaced);
  if (faults.length === 0 && findings.length === 0 && isLost) findings.push(...notUnderstood(query));
  const diagnostics = [...diagnosticsOf(query.lines, findings, maxFindings), ...faults];
  if (diagnostics.length > 0 || written === undefined) return { ok: false, diagnostics };
  // A value of the wrong type may make nonsense of a text: `TOP 'a'`. What is said of that could repeat it.
  const { lost } = splices.length === 0 ? query : readText(written.sql);
  if (lost === undefined || splices.length === 0) return { ok: true, written, filled: filledPlaces(splices) };
  const { start, end } = written.placeOf(lost);
  return { ok: false, diagnostics: diagnosticsOf(query.lines, [outOfPlace(sql, start, end)]) };
}

/**
 * What is wrong with a text apart from its parameters: a misplaced one, or a text that is not understood, mostly comes of that.
 *
 * The text is checked with its variables as they are, so that nothing said of it can hold a value. Of the fields of its tables
 * nothing is known, so only what stands without them counts.
 */
function faultsOf(sql: string, variables: ReadonlySet<string>): Diagnostic[] {
  const { diagnostics } = check(sql, () => undefined, { variables });
  const errors = diagnostics.filter((one) => isError(one) && one.code !== "STAR_UNKNOWN");
  // What the reader can put right by one change is as good as known.
  return errors.length > 0
    ? errors
    : diagnostics
        .filter(({ code, edits }) => code === "NOT_UNDERSTOOD" && edits !== undefined)
        .map((one) => ({ ...one, severity: "error" }));
}

/** Where the values stand in the text that has them. @param edits in the order of the text */
function filledPlaces(edits: readonly Edit[]): FilledPlace[] {
  let moved = 0;
  return edits.map(({ start, end, text }) => {
    const at = start + moved;
    moved += text.length - (end - start);
    return { at, length: text.length, was: end - start };
  });
}

/** More help nobody. */
const maxFindings = 20;

/** The variables of a text; `@@ROWCOUNT` and the like are the server's. */
function variablesOf({ sql, tokens }: Query): Variable[] {
  return tokens.flatMap(({ kind, start, end }) => {
    const name = sql.slice(start + 1, end).toLowerCase();
    return kind === "variable" && !name.startsWith("@") ? [{ start, end, name }] : [];
  });
}

/** The variables that stand for a value in what is understood. */
function expressionsOf(node: Node): Node[] {
  if (node.kind === "variable") return [node];
  // Their own text is not understood.
  if (node.kind === "opaque") return [];
  // A literal there would be a position, or an alias: `ORDER BY @x`, `SELECT @x = a`.
  if (node.kind === "order-term" && bare(node.expression).kind === "variable") return [];
  if (node.kind === "item" && node.expression.kind === "comparison" && bare(node.expression.left).kind === "variable")
    return expressionsOf(node.expression.right);
  return childrenOf(node).flatMap(expressionsOf);
}

function bare(node: Node): Node {
  return node.kind === "parens" ? bare(node.inner) : node;
}

/** The literal, kept apart from what touches its variable: a quote or a digit would become a part of it. */
function padded(sql: string, start: number, end: number, literal: string): string {
  const before = start === 0 || /[\s(,]/.test(sql[start - 1] ?? "") ? "" : " ";
  const after = end === sql.length || /[\s),]/.test(sql[end] ?? "") ? "" : " ";
  return before + literal + after;
}

function withoutValue(sql: string, start: number, end: number): Finding {
  const name = sql.slice(start, end);
  const message = `${name} has no value`;
  return {
    start,
    end,
    remark: { code: "PARAMETER_WITHOUT_VALUE", message, fix: "Give one in parameters, or write it" },
  };
}

function outOfPlace(sql: string, start: number, end: number): Finding {
  const message = `${sql.slice(start, end)} cannot stand here: a parameter is a value`;
  const fix = "Use it where a value can stand, not for a table, a column, an alias or a position";
  return { start, end, remark: { code: "PARAMETER_PLACE", message, fix } };
}

function withoutName(sql: string, name: string): Finding {
  const message = `The query does not use the parameter @${name}`;
  const remark = { code: "PARAMETER_UNUSED", message, fix: `Write @${name} where its value belongs, or leave it out` };
  return { start: 0, end: Math.min(1, sql.length), remark };
}

/** What is not understood may hold more than it seems, and its message could repeat a value. */
function notUnderstood(query: Query): Finding[] {
  const why = whyLost(query);
  if (query.lost === undefined || why === undefined) return [];
  const { start, end } = query.lost;
  return [
    { start, end, remark: { code: "NOT_UNDERSTOOD", message: `A query with parameters has to be understood: ${why}` } },
  ];
}

/**
 * Diagnostics of a text that parameters were written into, at the places of the user's own. Edits that would write a value into the
 * text are left out.
 */
export function placedIn(sql: string, written: Written, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const [from, to] = [linesOf(written.sql), linesOf(sql)];
  const placed = <T extends TextPlace>(one: T): T => {
    const { line, column, endLine, endColumn } = one;
    const place = { start: from.offsetOf({ line, column }), end: from.offsetOf({ line: endLine, column: endColumn }) };
    const { start, end } = written.placeOf(place);
    const [begin, stop] = [to.at(start), to.at(end)];
    return { ...one, line: begin.line, column: begin.column, endLine: stop.line, endColumn: stop.column };
  };
  return diagnostics.map(({ edits, ...diagnostic }) => {
    const hasValue = edits?.some(({ text }) => written.words.some((word) => text.includes(word))) === true;
    return { ...placed(diagnostic), ...given({ edits: hasValue ? undefined : edits?.map(placed) }) };
  });
}

/**
 * Diagnostics of a text with values, at the places of the user's own, which is not at hand: its values and names are known by
 * their lengths.
 */
export function placedByLengths(
  sql: string,
  filled: readonly FilledPlace[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (filled.length === 0) return diagnostics;
  const named = spliced(
    sql,
    filled.map(({ at, length, was }) => ({ start: at, end: at + length, text: "@".repeat(was) })),
  );
  let moved = 0;
  const splices = filled.map(({ at, length, was }) => {
    const start = at - moved;
    moved += length - was;
    return replaced({ start, end: start + was, text: sql.slice(at, at + length) });
  });
  const written = write(named, splices);
  return written === undefined ? diagnostics : placedIn(named, written, diagnostics);
}

type TextPlace = { line: number; column: number; endLine: number; endColumn: number };
