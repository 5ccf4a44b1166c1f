import { parse } from "../../parser/parse.ts";
import type { Refusal, Scope } from "../scope.ts";
import type { Context } from "../translate/model.ts";
import { emptyScope } from "../translate/names.ts";
import { translateQuery } from "../translate/query.ts";
import type { IndexRequest } from "../store/indexes.ts";
import { checkerPrefix, refusedByText, refusedInBrackets } from "../rules/text-rules.ts";
import { withLegalNames } from "../rules/legal-names.ts";
import { nearWord, reservedName } from "../rules/reserved-words.ts";
import { tokensOf, type Token } from "../rules/tokens.ts";
import { unreadConstruct } from "../rules/unread.ts";
import { variant, type Json } from "../translate/ast.ts";
import { rulesOfDerived } from "../translate/derived-rules.ts";
import type { Relation } from "../translate/relation.ts";
import { SqlError, Unsupported } from "../values/sql-error.ts";
import type { Runtime } from "./runtime.ts";

/** A query ready to run; `tables` are the lower-cased names it reads, those of the enterprise with `ent.`. */
export type Compiled = {
  kind: "compiled";
  relation: Relation;
  tables: ReadonlySet<string>;
  /** Indexes to make before it runs. */
  indexRequests: readonly IndexRequest[];
};

/** SQL Server's error 191. Its exact limit is not known; the sandbox's is the parser's. */
const tooDeep =
  "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.";

function refused(message: string): Refusal {
  return { kind: "refused", message };
}

/** `Expected: …, found: X` in SQL Server's words. */
function syntaxMessage(message: string): string {
  const found = /found: (.*)$/.exec(message)?.[1] ?? "";
  return nearWord(found === "EOF" ? "end of query" : found);
}

/** The tree of a text. When the parser refuses it, names that only the parser reserves are put in brackets. */
function parsedAsNames(sql: string, tokens: readonly Token[]): ReturnType<typeof parse> {
  const answer = parse(sql);
  if (answer.kind !== "rejected") return answer;
  const bracketed = withLegalNames(sql, tokens);
  const again = bracketed === sql ? answer : parse(bracketed);
  return again.kind === "rejected" ? answer : again;
}

function parsed(sql: string, { rules, text }: Runtime): { kind: "query"; query: Json } | Refusal {
  const tokens = tokensOf(sql);
  const bad =
    rules === "mce"
      ? (refusedByText(tokens, sql, text) ?? refusedInBrackets(tokens))
      : refusedByText(
          tokens.filter(({ word }) => word !== ";"),
          sql,
          { cte: true, leadingParenthesis: true },
        );
  if (bad !== undefined) return refused(bad);
  const answer = parsedAsNames(sql, tokens);
  if (answer.kind === "unknown" && answer.isTooDeep === true) return refused(checkerPrefix + tooDeep);
  if (answer.kind === "unknown")
    return { kind: "refused", message: `The sandbox does not run this query: ${answer.why}.`, unsupported: true };
  if (answer.kind === "rejected") {
    const unread = unreadConstruct(tokens);
    if (unread !== undefined)
      return { kind: "refused", message: `The sandbox does not run ${unread}.`, unsupported: true };
    return refused(checkerPrefix + syntaxMessage(answer.message));
  }
  const [statement, ...more] = answer.statements;
  // The statements are JSON by the parser's contract.
  const { name, body } = variant(statement as Json);
  if (more.length > 0 || name !== "Query") return refused("Only SELECT queries are valid.");
  const reserved = reservedName(body);
  return reserved === undefined ? { kind: "query", query: body } : refused(checkerPrefix + nearWord(reserved));
}

function nameColumns(relation: Relation): void {
  const seen = new Set<string>();
  for (const [at, { name }] of relation.columns.entries()) {
    if (name === undefined || name === "")
      throw new SqlError(`No column name was specified for column ${at + 1} of 'querydef'.`);
    if (seen.has(name.toLowerCase()))
      throw new SqlError(`The column '${name}' was specified multiple times for 'querydef'.`);
    seen.add(name.toLowerCase());
  }
}

/** The refusal for a query's own faults. Anything else is a bug, and is thrown again. */
export function refusalOf(error: unknown, prefix: string): Refusal {
  if (error instanceof SqlError) return refused(prefix + error.message);
  if (error instanceof Unsupported) return { kind: "refused", message: error.message, unsupported: true };
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return { kind: "refused", message: "The sandbox does not run a query nested this deeply.", unsupported: true };
  throw error;
}

/** Checks and translates a query: the rules of MCE 8.1 and 8.2 unless they are off, then names and types. */
export function compile(runtime: Runtime, sql: string, run: Scope): Compiled | Refusal {
  const read = parsed(sql, runtime);
  if (read.kind === "refused") return read;
  const context: Context = {
    runtime,
    run,
    names: emptyScope,
    place: "select",
    ctes: new Map(),
    state: {
      aliases: 0,
      isVolatile: false,
      tables: new Set(),
      stored: new Map(),
      computed: new Map(),
      indexRequests: [],
    },
  };
  try {
    if (runtime.rules === "mce") rulesOfDerived(read.query);
    const relation = translateQuery(context, read.query);
    if (runtime.rules === "mce") nameColumns(relation);
    const { tables, indexRequests } = context.state;
    return { kind: "compiled", relation, tables, indexRequests };
  } catch (error) {
    return refusalOf(error, checkerPrefix);
  }
}
