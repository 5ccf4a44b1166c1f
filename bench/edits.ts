/**
 * Makes typing mistakes in the queries of a corpus and applies the first edit that a check offers:
 * `npm run bench:edits -- FILE [--count 300] [--seed 11] [--verbose]`.
 *
 * Right means that the sandbox gives the rows of the text that was meant. No edit may change what a right query gives.
 */
import { parseArgs } from "node:util";
import { check } from "#sql/check.ts";
import type { Diagnostic } from "#sql/diagnostic.ts";
import { readCorpus } from "../tests/sql/support/corpus.ts";
import { editedBy } from "../tests/sql/support/edited.ts";
import { fieldsIn, type CorpusQuery } from "../tests/sql/support/fields-in.ts";
import { openFilled, rowsOf } from "../tests/sql/support/filled-engine.ts";
import { mistakes, openDice, rightOf } from "../tests/sql/support/mistakes.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "300" },
    seed: { type: "string", default: "11" },
    verbose: { type: "boolean" },
  },
});
const file = positionals[0];
if (file === undefined) throw new Error("Cannot bench without a corpus: npm run bench:edits -- FILE");

function diagnosticsOf(query: CorpusQuery, sql: string): readonly Diagnostic[] {
  return check(sql, fieldsIn(query), { tableNames: Object.keys(query.tables) }).diagnostics;
}

/** The first edit of the gravest diagnostics that have one. */
function firstEdit(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  const offering = diagnostics.filter(({ edits }) => edits !== undefined);
  return (
    offering.find(({ severity }) => severity === "error") ??
    offering.find(({ severity }) => severity === "warning") ??
    offering[0]
  );
}

type Tally = { made: number; right: number; offered: number };
const dice = openDice(Number(values.seed));
const tallies = new Map<string, Tally>(Object.keys(mistakes).map((kind) => [kind, { made: 0, right: 0, offered: 0 }]));

const queries = readCorpus(file).filter((query) => {
  const engine = openFilled(query.tables);
  const rows = rowsOf(engine, query.sql);
  // Not those that give other rows each time.
  const isRight =
    rows !== undefined && rows === rowsOf(engine, query.sql) && !diagnosticsOf(query, query.sql).some(isRefusal);
  engine.close();
  return isRight;
});

function isRefusal({ severity, code }: Diagnostic): boolean {
  return severity === "error" && code !== "ORDER_BY_WITHOUT_TOP" && code !== "CTE";
}

/** Edits offered on right queries that change what they give. */
function harmful(): string[] {
  return queries.flatMap((query) => {
    const engine = openFilled(query.tables);
    const before = rowsOf(engine, query.sql);
    const found = diagnosticsOf(query, query.sql).filter(
      ({ edits }) => edits !== undefined && rowsOf(engine, editedBy(query.sql, edits)) !== before,
    );
    engine.close();
    return found.map(({ code, edits }) => `${query.id}  ${code} ${JSON.stringify(edits)}`);
  });
}

/** One mistake of a kind in a random query, and what the first edit makes of it; nothing where the change is no mistake. */
function tryOnce(kind: string): void {
  const query = queries[dice(queries.length)];
  const tally = tallies.get(kind);
  const made = query && mistakes[kind]?.(rightOf(query.sql, query.tables), dice);
  if (query === undefined || tally === undefined || made === undefined) return;
  const engine = openFilled(query.tables);
  const meant = rowsOf(engine, made.meant ?? query.sql);
  // A text that runs after the mistake is another right query: nothing tells that it was not meant.
  const isMistake = meant !== undefined && rowsOf(engine, made.sql) === undefined;
  if (isMistake) {
    const diagnostics = diagnosticsOf(query, made.sql);
    const first = firstEdit(diagnostics);
    const edited = first?.edits && editedBy(made.sql, first.edits);
    const isRight = edited !== undefined && rowsOf(engine, edited) === meant;
    tally.made += 1;
    tally.offered += edited === undefined ? 0 : 1;
    tally.right += isRight ? 1 : 0;
    if (values.verbose && !isRight) report(kind, query, made.sql, diagnostics, first);
  }
  engine.close();
}

function report(
  kind: string,
  { id, sql: before }: CorpusQuery,
  sql: string,
  all: readonly Diagnostic[],
  first?: Diagnostic,
) {
  let at = 0;
  while (sql[at] === before[at] && at < sql.length) at += 1;
  const said = all.slice(0, 4).map(({ code, line, column, fix }) => `${code} ${line}:${column} ${fix ?? ""}`);
  console.log(`${kind} ${id}  …${JSON.stringify(sql.slice(Math.max(0, at - 60), at + 60))}`);
  console.log(`    ${said.join("\n    ")}\n    first: ${first?.code ?? "none"} ${JSON.stringify(first?.edits)}`);
}

const wanted = Number(values.count);
const kinds = Object.keys(mistakes);
const made = (): number => [...tallies.values()].reduce((sum, tally) => sum + tally.made, 0);
for (let round = 0; made() < wanted && round < wanted * 200; round += 1) {
  const [kind = ""] = kinds.slice(round % kinds.length);
  // Equally many of each kind, as far as the corpus has places for them.
  if ((tallies.get(kind)?.made ?? 0) < Math.ceil(wanted / kinds.length) || round > wanted * 100) tryOnce(kind);
}

console.log(`\n${queries.length} right queries, ${made()} mistakes`);
const total: Tally = { made: 0, right: 0, offered: 0 };
for (const [kind, tally] of tallies) {
  console.log(`${kind.padEnd(16)} ${tally.right} of ${tally.made} right, ${tally.offered} offered`);
  for (const key of ["made", "right", "offered"] as const) total[key] += tally[key];
}
const share = (100 * total.right) / Math.max(1, total.made);
console.log(`all              ${total.right} of ${total.made} right (${share.toFixed(1)} %), ${total.offered} offered`);
const wrong = harmful();
console.log(`edits that change a right query: ${wrong.length}${wrong.map((line) => `\n  ${line}`).join("")}`);
