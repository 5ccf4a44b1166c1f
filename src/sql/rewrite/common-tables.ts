import { said } from "../lint/said.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { given } from "#lang/given.ts";
import { tokenIndexAt } from "../syntax/places.ts";
import type { Token } from "../syntax/scan.ts";
import type { CommonTable, Node, Query, Span, Table } from "../syntax/tree.ts";
import { childrenOf } from "../syntax/walk.ts";
import { bracketed } from "../text/splice.ts";
import type { Splice } from "./written.ts";

/** MCE has stored a query of 232,969 characters (MCE 5.1); what is longer is refused here. */
export const maxWritten = 250_000;

/** Derived tables in one another; what SQL Server takes is not documented, and no query of people comes near. */
const maxNested = 100;

/** What writes a query's common table expressions out, and what stands in the way. */
export type Inlining = {
  splices: Splice[];
  findings: Finding[];
  /** Which of them makes the text longest when written out, for a text that gets too long. */
  longest?: CommonTable;
};

/** A common table expression, and what it costs to write out: characters, and derived tables in one another. */
type Known = { table: CommonTable; length: number; depth: number };

/** Every table a part of the tree names. */
export function tablesIn(node: Node, found: Table[] = []): Table[] {
  if (node.kind === "table") found.push(node);
  for (const child of childrenOf(node)) tablesIn(child, found);
  return found;
}

/** The name of a table that may be a common table expression: `Ent.x` and `dbo.x` are none. */
export function plainName({ name }: Table): string | undefined {
  return name.length === 1 ? name[0]?.value.toLowerCase() : undefined;
}

function at({ start, end }: Span, remark: Remark): Finding {
  return { start, end, remark };
}

/** A reference as the derived table it means. SQL Server expands each reference too, so the meaning stays. */
function derived(reference: Table, { query, columns, name }: CommonTable): Splice {
  const { start, end, alias } = reference;
  const [own] = reference.name;
  const source = { start: own?.start ?? start, end: own?.end ?? end };
  const names = reference.columns.length > 0 ? reference.columns : columns;
  const list = names.length === 0 ? "" : ` (${names.map(({ value }) => bracketed(value)).join(", ")})`;
  const shown = alias?.value ?? own?.value ?? name.value;
  const body = { start: query.start, end: query.end };
  return { start, end, parts: [{ text: "(", source }, body, { text: `) AS ${bracketed(shown)}${list}`, source }] };
}

function recursion({ name }: CommonTable): Finding {
  return at(name, said("RECURSIVE_CTE", name.value));
}

/** What to say of a common table expression that makes a text too long. */
export function tooLong({ name }: CommonTable): Finding {
  return at(name, said("CTE_TOO_LONG", name.value, maxWritten.toLocaleString("en-US"), maxNested));
}

/** Namespaces of XML begin with WITH, too. */
function namespaceFindings(query: Query, tokens: readonly Token[]): Finding[] {
  const next = tokens[tokenIndexAt(tokens, query.start) + 1];
  if (next?.upper !== "XMLNAMESPACES") return [];
  return [at(next, said("XML_NAMESPACES"))];
}

/** A sample of a table has no meaning for one that is written out. */
function sampleFindings(reference: Table, tokens: readonly Token[]): Finding[] {
  const { start, end } = reference;
  const own = tokens.slice(tokenIndexAt(tokens, start), tokenIndexAt(tokens, end));
  const found = own.find(({ upper }) => upper === "TABLESAMPLE" || upper === "SYSTEM_TIME");
  return found === undefined ? [] : [at(found, said("CTE_SAMPLE"))];
}

function duplicate({ name }: CommonTable): Finding {
  return at(name, said("DUPLICATE_CTE", name.value));
}

/** Writes references out by what is known so far, and gathers what that costs. */
function openWriting(tokens: readonly Token[]) {
  const known = new Map<string, Known>();
  const splices: Splice[] = [];
  const findings: Finding[] = [];
  let longest: Known | undefined;
  return {
    known,
    splices,
    findings,
    longest: () => longest?.table,
    /** @param own the length of the text they stand in */
    writeOut: (references: readonly Table[], own: number): Omit<Known, "table"> => {
      let length = own;
      let depth = 0;
      for (const reference of references) {
        const found = known.get(plainName(reference) ?? "");
        if (found === undefined) continue;
        splices.push(derived(reference, found.table));
        findings.push(...sampleFindings(reference, tokens));
        length += found.length;
        depth = Math.max(depth, found.depth);
        if (longest === undefined || found.length > longest.length) longest = found;
      }
      return { length, depth: depth + 1 };
    },
  };
}

/**
 * Writes common table expressions out as derived tables, because MCE knows no WITH (MCE 8.1).
 *
 * @returns what to splice: the WITH away, and a derived table for each reference
 */
export function inlineCommonTables({ tree, tokens }: { tree: Query; tokens: readonly Token[] }): Inlining {
  const isWith = tokens[tokenIndexAt(tokens, tree.start)]?.upper === "WITH";
  if (!isWith) return { splices: [], findings: [] };
  const { known, splices, findings, longest, writeOut } = openWriting(tokens);
  findings.push(...namespaceFindings(tree, tokens));
  splices.push({ start: tree.start, end: tree.body.start, parts: [] });
  for (const table of tree.commonTables) {
    const key = table.name.value.toLowerCase();
    const references = tablesIn(table.query);
    const others = references.filter((reference) => plainName(reference) !== key);
    if (others.length < references.length) findings.push(recursion(table));
    if (known.has(key)) findings.push(duplicate(table));
    const cost = writeOut(others, table.query.end - table.query.start);
    if (cost.length > maxWritten || cost.depth > maxNested) return { splices, findings: [...findings, tooLong(table)] };
    known.set(key, { table, ...cost });
  }
  const whole = writeOut(tablesIn({ ...tree, commonTables: [] }), tree.end - tree.body.start);
  const most = longest();
  if (whole.length > maxWritten && most !== undefined) findings.push(tooLong(most));
  return { splices, findings, ...given({ longest: most }) };
}
