import { callArguments } from "./call.ts";
import { dotted, isName, maybeName, nameList, tableAlias, takeName } from "./names.ts";
import { jsonFields } from "./json-fields.ts";
import { accept, missing, peek, report, setWords, since, word, type Parser } from "./parser.ts";
import { pivot } from "./pivot.ts";
import { close, isTooDeep, isTooHigh, skip, tooDeep } from "./recover.ts";
import type { Derived, Name, Source, Table, TableCall } from "./tree.ts";
import { upperCase } from "../text/upper-case.ts";

const hintWords: ReadonlySet<string> = new Set(
  (
    "NOLOCK READUNCOMMITTED READCOMMITTED READCOMMITTEDLOCK READPAST REPEATABLEREAD SERIALIZABLE SNAPSHOT HOLDLOCK TABLOCK " +
    "TABLOCKX ROWLOCK PAGLOCK UPDLOCK XLOCK NOWAIT NOEXPAND FORCESEEK FORCESCAN INDEX FASTFIRSTROW"
  ).split(" "),
);

/** The words of the hints in parentheses, the opening one being next. */
function hintList(p: Parser): Name[] {
  const hints: Name[] = [];
  p.at += 1;
  do {
    if (peek(p).kind === "word") {
      const { start, end } = peek(p);
      hints.push({ value: p.sql.slice(start, end), isQuoted: false, start, end });
    }
    skip(p);
  } while (accept(p, ","));
  close(p);
  return hints;
}

function isHintHere(p: Parser): boolean {
  return word(p) === "(" && hintWords.has(word(p, 1)) && [",", ")", "("].includes(word(p, 2));
}

/** Steps over `FOR SYSTEM_TIME …` and `TABLESAMPLE (…)`: they change no column. */
function skipSample(p: Parser): boolean {
  if (word(p) === "FOR" && word(p, 1) === "SYSTEM_TIME") {
    p.at += 2;
    if (accept(p, "AS")) accept(p, "OF");
    else if (!accept(p, "ALL") && !accept(p, "FROM") && !accept(p, "BETWEEN")) p.at += word(p) === "CONTAINED" ? 2 : 0;
    if (word(p) !== "AS" && !isName(peek(p))) p.expression(p);
    if (accept(p, "TO")) p.expression(p);
    return true;
  }
  if (!accept(p, "TABLESAMPLE")) return false;
  accept(p, "SYSTEM");
  for (; word(p) === "(" || word(p) === "REPEATABLE";) {
    accept(p, "REPEATABLE");
    if (!accept(p, "(")) break;
    skip(p);
    close(p);
  }
  return true;
}

/** What may stand behind a table: its alias, hints, the names of its columns. */
function readBehind(p: Parser, node: Table | TableCall | Derived): void {
  for (;;) {
    if (node.kind !== "derived" && (isHintHere(p) || (word(p) === "WITH" && word(p, 1) === "("))) {
      accept(p, "WITH");
      node.hints.push(...hintList(p));
    } else if (skipSample(p)) continue;
    else if (node.alias !== undefined && node.columns.length === 0 && word(p) === "(") {
      node.columns = nameList(p);
      close(p);
    } else {
      const alias = node.alias === undefined ? tableAlias(p) : undefined;
      if (alias === undefined) break;
      node.alias = alias;
    }
  }
  Object.assign(node, since(p, node.start));
}

function tableCall(p: Parser, name: Name[], start: number): TableCall {
  p.at += 1;
  const upper = upperCase(name.at(-1)?.value ?? "");
  const { args } = callArguments(p, upper);
  const node: TableCall = { kind: "table-call", name, args, columns: [], hints: [], start, end: 0 };
  const hasFields = (upper === "OPENJSON" || upper === "OPENXML") && word(p) === "WITH" && word(p, 1) === "(";
  if (hasFields) {
    p.at += 2;
    node.fields = jsonFields(p);
  }
  return node;
}

function named(p: Parser): Table | TableCall {
  const { start } = peek(p);
  const name = dotted(p, takeName(p, hasCall(p)));
  const node: Table | TableCall =
    word(p) === "(" && !isHintHere(p)
      ? tableCall(p, name, start)
      : { kind: "table", name, columns: [], hints: [], start, end: 0 };
  readBehind(p, node);
  return node;
}

/** `123.[Table]`: an account's number before a table, which MCE does not allow. */
function numbered(p: Parser): Source {
  const { start, end } = peek(p);
  const isBefore = p.sql[end - 1] === "." && maybeName(peek(p, 1)) && peek(p, 1).start === end;
  if (!isBefore) return missing(p, "a table");
  report(p, "UNEXPECTED", p.sql.slice(start, end));
  p.at += 1;
  const prefix: Name = { value: p.sql.slice(start, end - 1), isQuoted: false, start, end: end - 1 };
  const node = named(p);
  return Object.assign(node, { name: [prefix, ...node.name], start });
}

/** The query in parentheses that are open, closed, with what stands behind it. */
function derived(p: Parser, query: Derived["query"], start: number): Derived {
  close(p);
  const node: Derived = { kind: "derived", query, columns: [], start, end: 0 };
  readBehind(p, node);
  return node;
}

function parenthesis(p: Parser, joined: (p: Parser) => Source): Source {
  const { start } = peek(p);
  if (isTooDeep(p, 4)) return tooDeepSource(p);
  p.at += 1;
  const upper = word(p);
  if (upper === "SELECT" || upper === "WITH" || upper === "VALUES") return derived(p, p.query(p), start);
  p.depth += 4;
  const inner = joined(p);
  p.depth -= 4;
  const isQuery = inner.kind === "derived" && inner.alias === undefined;
  if (isQuery && setWords.has(word(p))) return derived(p, p.continued(p, inner.query), start);
  if (isQuery && word(p) === ")") return derived(p, inner.query, start);
  close(p);
  return Object.assign(inner, since(p, start));
}

function tooDeepSource(p: Parser): Source {
  p.at += 1;
  const node = tooDeep(p, true);
  close(p);
  return node;
}

/** Reads one table of FROM, or what stands for one. */
export function source(p: Parser): Source {
  const { kind, upper } = peek(p);
  let node: Source;
  if (upper === "(") node = parenthesis(p, p.joined);
  else if (kind === "number") node = numbered(p);
  else if (maybeName(peek(p)) || kind === "variable" || kind === "temp" || hasCall(p)) node = named(p);
  else node = missing(p, "a table");
  for (; (word(p) === "PIVOT" || word(p) === "UNPIVOT") && word(p, 1) === "("; p.height += 1) {
    if (isTooHigh(p)) return { kind: "opaque", inside: [node, tooDeep(p, true)], ...since(p, node.start) };
    node = pivot(p, node);
  }
  return node;
}

const tableFunctions: ReadonlySet<string> = new Set(
  "OPENROWSET OPENQUERY OPENDATASOURCE OPENXML CONTAINSTABLE FREETEXTTABLE".split(" "),
);

function hasCall(p: Parser): boolean {
  return tableFunctions.has(word(p)) && word(p, 1) === "(";
}
