import { said } from "./said.ts";
import { given } from "#lang/given.ts";
import { isDataView } from "../data-views.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import type { Query as ReadText } from "../query.ts";
import type { Reading } from "../read/reading.ts";
import { tableRefOf } from "../read/tables.ts";
import { nameOfToken } from "../text/token-name.ts";
import type { Token } from "../syntax/scan.ts";
import { isSameName } from "../read/scope.ts";
import { asWritten, bracketed } from "../text/splice.ts";
import { placeOf, placeOfSelect } from "../syntax/places.ts";
import { aliasOf } from "../syntax/outputs.ts";
import type { Derived, Name, Node, Query, Source } from "../syntax/tree.ts";
import { childrenOf, tablesRead } from "../syntax/walk.ts";

/**
 * The Data Extension a run writes into, by the name FROM would use.
 *
 * `ent` tells whether FROM reaches it with `Ent.` before the name, or only without; absent: either way.
 */
export type Target = { name: string; ent?: boolean; mode: "overwrite" | "append" | "update" };

/** How a table is written that stands behind a prefix MCE does not have; nothing where it may be either. */
function knownAs(name: string, { fieldsOf }: Reading): string | undefined {
  const isOwn = fieldsOf({ name, ent: false }) !== undefined || isDataView(name);
  const isShared = fieldsOf({ name, ent: true }) !== undefined;
  if (isOwn === isShared) return undefined;
  return isOwn ? asWritten(name) : `Ent.${asWritten(name)}`;
}

function prefixFinding(parts: readonly Name[], reading: Reading): Finding | undefined {
  const isPlain = parts.length === 1 || (parts.length === 2 && parts[0]?.value.toLowerCase() === "ent");
  if (isPlain) return undefined;
  const name = parts.at(-1)?.value ?? "";
  const own = bracketed(name);
  const place = placeOf(parts);
  const text = knownAs(name, reading);
  return {
    ...place,
    remark: {
      ...given({ edits: text === undefined ? undefined : [{ ...place, text }] }),
      ...said("MULTI_PART_NAME", parts.map(({ value }) => value).join("."), own),
    },
  };
}

/** Whether this name in FROM is a target MCE lets no query read: that of an overwrite or an append (MCE 5.1). */
function isTarget(name: string, target: Target): boolean {
  return target.mode !== "update" && isSameName(name, target.name);
}

function targetRemark(name: string): Remark {
  return said("TARGET_READ", name);
}

function targetFinding(parts: readonly Name[], target: Target): Finding | undefined {
  const { name, ent } = tableRefOf(parts);
  const isMeant = target.ent === undefined || target.ent === ent;
  return isMeant && isTarget(name, target) ? { ...placeOf(parts), remark: targetRemark(name) } : undefined;
}

/** Every name that could be a target no query may read, in a text that is not understood: rather one too many. */
export function targetTokenFindings(sql: string, tokens: readonly Token[], target: Target | undefined): Finding[] {
  if (target === undefined) return [];
  return tokens.flatMap((token) => {
    const name = nameOfToken(sql, token);
    const isRead = name !== undefined && isTarget(name, target);
    return isRead ? [{ start: token.start, end: token.end, remark: targetRemark(name) }] : [];
  });
}

/** Where a text reads a target that no query may read; only that, for a run that is already accepted. */
export function targetReadFindings({ sql, tokens, tree, lost }: ReadText, target: Target): Finding[] {
  if (lost !== undefined) return targetTokenFindings(sql, tokens, target);
  return tablesRead(tree).flatMap(({ name }) => targetFinding(name, target) ?? []);
}

function namelessDerived(node: Node, found: Derived[]): void {
  if (node.kind === "derived" && node.alias === undefined) found.push(node);
  for (const child of childrenOf(node)) namelessDerived(child, found);
}

/** The name a derived table needs: what the query around calls it, if it does; else one that nothing has. */
function nameFor(tree: Query, { doubts }: Reading): string | undefined {
  const prefixes = new Set(
    doubts.flatMap((doubt) =>
      doubt.kind === "column" && doubt.resolved.kind === "no-table" ? [doubt.resolved.table.value.toLowerCase()] : [],
    ),
  );
  const [only, other] = prefixes;
  if (only !== undefined) return other === undefined ? only : undefined;
  const taken = new Set(sourcesIn(tree).map((source) => aliasOf(source).toLowerCase()));
  let count = 1;
  while (taken.has(count === 1 ? "x" : `x${count}`)) count += 1;
  return count === 1 ? "x" : `x${count}`;
}

function sourcesIn(node: Node): Source[] {
  const isSource = node.kind === "table" || node.kind === "table-call" || node.kind === "derived";
  return [...(isSource ? [node] : []), ...childrenOf(node).flatMap(sourcesIn)];
}

function derivedFindings(tree: Query, reading: Reading): Finding[] {
  const found: Derived[] = [];
  namelessDerived(tree, found);
  const name = found.length === 1 ? nameFor(tree, reading) : undefined;
  return found.map((node) => {
    const edits = name === undefined ? undefined : [{ start: node.end, end: node.end, text: ` AS ${name}` }];
    const remark = { ...said("DERIVED_WITHOUT_NAME"), ...given({ edits }) };
    return { ...placeOfSelect(node), remark };
  });
}

/** Tables that cannot be read where or as they are written; source: MCE 5.2, 8.1. */
export function tableFindings(query: Query, reading: Reading, target: Target | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const { name } of tablesRead(query)) {
    const read = target && targetFinding(name, target);
    findings.push(...[prefixFinding(name, reading), read].flatMap((finding) => finding ?? []));
  }
  return [...findings, ...derivedFindings(query, reading)];
}

/** `FROM 123456.X`: a number before the dot, which is no name. */
export function numberPrefixFindings(tokens: readonly Token[], sql: string): Finding[] {
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1]?.upper;
    const name = tokens[index + 1];
    const isPrefix = token.kind === "number" && sql[token.end - 1] === "." && name?.start === token.end;
    if (!isPrefix || (before !== "FROM" && before !== "JOIN")) return [];
    const written = sql.slice(token.start, name.end);
    const remark = said("MULTI_PART_NAME", written, sql.slice(name.start, name.end));
    return [{ start: token.start, end: name.end, remark }];
  });
}
