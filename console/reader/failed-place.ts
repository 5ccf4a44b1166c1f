import type { Diagnostic } from "#client/check-types.ts";
import type { RunFailure } from "#client/run-state.ts";
import { given } from "#lang/given.ts";
import { diagnosticAt } from "#sql/diagnostic.ts";
import { explainSqlError } from "#sql/error-catalogue.ts";
import { mceDiagnostics } from "#sql/mce-diagnostics.ts";
import { readText, type Query } from "#sql/query.ts";
import type { Node, Span } from "#sql/syntax/tree.ts";
import { childrenOf } from "#sql/syntax/walk.ts";

/**
 * Where a query has failed, as a remark on its text: at the name that Marketing Cloud speaks of, or at the one expression that
 * can fail so. Loaded when a run has failed: it knows all errors in words.
 *
 * @returns undefined where no place, or more than one, fits
 */
export function failedPlace(sql: string, { code, title, fix, mce }: RunFailure): Diagnostic | undefined {
  if (mce === undefined) return undefined;
  const query = readText(sql);
  const remark = { code, message: title, ...given({ fix }) };
  const named = placeOfName(query, mce);
  if (named !== undefined) return { ...named, ...remark, mce };
  const [one, other] = suspects(query.tree, mce);
  if (one === undefined || other !== undefined) return undefined;
  return { ...diagnosticAt(query.lines, one.start, one.end, remark), mce };
}

type Place = Pick<Diagnostic, "line" | "column" | "endLine" | "endColumn">;

function placeOfName(query: Query, mce: string): Place | undefined {
  const name = explainSqlError(mce)?.name?.split(".").at(-1)?.toLowerCase();
  const [found] = mceDiagnostics(query, [{ text: mce, shown: mce }]);
  if (name === undefined || found === undefined) return undefined;
  const { line, column, endLine, endColumn } = found;
  const written =
    line === endLine ? (query.sql.split(/\r\n|\r|\n/)[line - 1] ?? "").slice(column - 1, endColumn - 1) : "";
  // A name that the text does not have is told at the text's beginning.
  return written.toLowerCase().includes(name) ? { line, column, endLine, endColumn } : undefined;
}

/** The expressions that can fail with some words of SQL Server. */
function suspects(node: Node, mce: string): Span[] {
  const isSuspect = doubt(mce);
  if (isSuspect === undefined) return [];
  const found: Span[] = [];
  const look = (at: Node): void => {
    if (isSuspect(at)) found.push(at);
    for (const child of childrenOf(at)) look(child);
  };
  look(node);
  return found;
}

function doubt(mce: string): ((node: Node) => boolean) | undefined {
  if (/divide by zero/i.test(mce))
    return (node) => node.kind === "arithmetic" && node.operators.some(({ text }) => text === "/" || text === "%");
  if (/subquery returned more than 1 value/i.test(mce)) return (node) => node.kind === "subquery";
  if (/invalid length parameter/i.test(mce))
    return (node) => node.kind === "call" && /^(?:left|right|substring)$/i.test(node.name.at(-1)?.value ?? "");
  if (/converting date and\/or time/i.test(mce)) return (node) => isCast(node, /date|time/);
  const [, type] = /(?:convert|overflow).* to (?:data type )?(\w+)/is.exec(mce) ?? [];
  if (type === undefined) return undefined;
  const types = type === "numeric" || type === "decimal" ? /^(?:numeric|decimal)$/ : new RegExp(`^${type}$`, "i");
  return (node) => isCast(node, types);
}

function isCast(node: Node, type: RegExp): boolean {
  return node.kind === "cast" && !node.form.startsWith("TRY_") && type.test(node.type.name);
}
