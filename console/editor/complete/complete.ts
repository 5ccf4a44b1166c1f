import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { Text } from "@codemirror/state";
import { reader, type Reader } from "../../reader/load-reader.ts";
import { fieldsSoon } from "../../engine/catalogue.ts";
import { allColumns, columnOptions, scopeOptions, tableName } from "./columns.ts";
import { functionOptions } from "./functions.ts";
import { joinOptions } from "./joins.ts";
import { keywordOptions } from "./keywords.ts";
import { placeAt, wordBefore, type Place } from "./place.ts";
import { patternOptions } from "./snippets.ts";
import { tableOptions } from "./tables.ts";

/** Offers what may stand at the cursor. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const known = reader();
  const { state, pos, explicit } = context;
  if (known === undefined || isInText(context)) return null;
  const sql = state.doc.toString();
  const place = placeAt(sql, pos);
  const isAsked = explicit || place.typed !== "" || place.qualifiers.length > 0;
  const isBehindJoin = /\s$/.test(sql.slice(0, pos)) && /^(?:FROM|JOIN|ON|BY|,)$/.test(wordBefore(place));
  if (!isAsked && !isBehindJoin) return null;
  const read = reading(known, state.doc);
  await fieldsSoon(tablesAt(known, read, place), fieldsMaxMs);
  if (context.aborted) return null;
  const all = optionsAt(known, read, place);
  const options = place.isBracketed ? all.filter(({ type }) => type === "class" || type === "property") : all;
  if (options.length === 0) return null;
  // What is typed is looked for in the names, which have no bracket.
  return { from: place.from + (place.isBracketed ? 1 : 0), options, validFor: validFor(place) };
}

function validFor({ isBracketed }: Place): RegExp {
  return isBracketed ? /^[^\]\r\n]*$/ : /^[\p{L}\p{M}\p{N}_@#$]*$/u;
}

/** A list that comes later than this is not waited for. */
const fieldsMaxMs = 1500;

/** The tables whose columns may be offered at a place; in FROM those that may be joined. */
function tablesAt({ scopeAt }: Reader, read: Reading, { from }: Place): string[] {
  const { levels, clause } = scopeAt(read, from);
  const sources = clause === "FROM" ? scopeAt(read, read.sql.length).levels.flat() : levels.flat();
  return sources.flatMap((source) => tableName(source) ?? []);
}

type Reading = ReturnType<Reader["readQuery"]>;
let last: { doc: Text; reading: Reading } | undefined;

/** One text is read once, however often it is asked about. */
function reading({ readQuery }: Reader, doc: Text): Reading {
  if (last?.doc !== doc) last = { doc, reading: readQuery(doc.toString()) };
  return last.reading;
}

function isInText({ state, pos }: CompletionContext): boolean {
  const { name } = syntaxTree(state).resolveInner(pos, -1);
  return name === "String" || name === "LineComment" || name === "BlockComment";
}

function optionsAt(known: Reader, read: Reading, place: Place): Completion[] {
  const scope = known.scopeAt(read, place.from);
  const { clause, levels, commonTables, aliases } = scope;
  const behind = wordBefore(place);
  const isTable = clause === "FROM" && /^(?:FROM|JOIN|APPLY|,)$/.test(behind);
  const [qualifier] = place.qualifiers.slice(-1);
  if (qualifier !== undefined) {
    if (clause === "FROM") return qualifier.toLowerCase() === "ent" ? tableOptions(known, true) : [];
    const source = levels.flat().find(({ alias }) => alias.toLowerCase() === qualifier.toLowerCase());
    return source === undefined ? [] : columnOptions(known, source);
  }
  if (isTable) {
    const common = commonTables.map(({ name }) => ({
      label: name,
      type: "class",
      boost: 9,
      apply: known.asWritten(name),
    }));
    return [...common, ...tableOptions(known, false)];
  }
  if (clause === "FROM") return [...joinsHere(known, read, place), ...keywordOptions(clause)];
  if (clause === "") return [...patternOptions(true), ...keywordOptions(clause)];
  const joins = clause === "ON" && behind === "ON" ? joinOptions(known, levels[0] ?? [], "") : [];
  const named = aliases.map((label) => ({ label, type: "property", boost: 5, apply: known.asWritten(label) }));
  return [
    ...joins,
    ...named,
    ...scopeOptions(known, scope),
    ...(clause === "SELECT" ? allColumns(known, scope) : []),
    ...functionOptions(),
    ...keywordOptions(clause),
    ...patternOptions(false),
  ];
}

/** Behind a table that was just joined: ON with its condition. */
function joinsHere(known: Reader, read: Reading, { from }: Place): Completion[] {
  const text = read.sql.slice(0, from);
  if (!/\bjoin\s+(?:\S+|(?:ent\s*\.\s*)?\[[^\]]+\])(?:\s+(?:as\s+)?[\p{L}_]\w*)?\s+$/iu.test(text)) return [];
  // As it would be behind ON, which is not there yet.
  const withOn = `${text}ON `;
  const { levels } = known.scopeAt(known.readQuery(withOn), withOn.length);
  return joinOptions(known, levels[0] ?? [], "ON ");
}
