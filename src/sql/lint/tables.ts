import { at, type Name } from "../read/ast.ts";
import type { Finding, Remark } from "../diagnostic.ts";
import { readQuery } from "../query.ts";
import { tableNames } from "../read/one-query.ts";
import { tableRefOf } from "../read/tables.ts";
import { nameOfToken } from "../text/by-tokens.ts";
import type { Token } from "../text/scan.ts";
import { isSameName } from "../read/scope.ts";
import { bracketed } from "../text/splice.ts";
import { placeOf, placeOfSelect, type Places } from "../text/places.ts";

/**
 * The Data Extension a run writes into, by the name FROM would use.
 *
 * `ent` tells whether FROM reaches it with `Ent.` before the name, or only without; absent: either way.
 */
export type Target = { name: string; ent?: boolean; mode: "overwrite" | "append" | "update" };

function prefixFinding(places: Places, parts: readonly Name[]): Finding | undefined {
  const isPlain = parts.length === 1 || (parts.length === 2 && parts[0]?.value.toLowerCase() === "ent");
  if (isPlain) return undefined;
  const own = bracketed(parts.at(-1)?.value ?? "");
  return {
    ...placeOf(places, parts),
    remark: {
      code: "MULTI_PART_NAME",
      message: `The ${parts.map(({ value }) => value).join(".")} table has a multi-part specification: MCE allows Ent. only`,
      fix: `Write ${own}, or Ent.${own} for a shared Data Extension`,
    },
  };
}

/** Whether this name in FROM is a target MCE lets no query read: that of an overwrite or an append (MCE 5.1). */
function isTarget(name: string, target: Target): boolean {
  return target.mode !== "update" && isSameName(name, target.name);
}

function targetRemark(name: string): Remark {
  return {
    code: "TARGET_READ",
    message: `${name} is the target of this run: MCE lets only an update read the Data Extension it writes into`,
    fix: "Read a copy, or update instead",
  };
}

function targetFinding(places: Places, parts: readonly Name[], target: Target): Finding | undefined {
  const { name, ent } = tableRefOf(parts);
  const isMeant = target.ent === undefined || target.ent === ent;
  return isMeant && isTarget(name, target) ? { ...placeOf(places, parts), remark: targetRemark(name) } : undefined;
}

/** Every name that could be a target no query may read, in a text the parser does not know: rather one too many. */
export function targetTokenFindings(sql: string, tokens: readonly Token[], target: Target | undefined): Finding[] {
  if (target === undefined) return [];
  return tokens.flatMap((token) => {
    const name = nameOfToken(sql, token);
    const isRead = name !== undefined && isTarget(name, target);
    return isRead ? [{ start: token.start, end: token.end, remark: targetRemark(name) }] : [];
  });
}

/** Where a text reads a target that no query may read; only that, for a run that is already accepted. */
export function targetReadFindings(sql: string, target: Target): Finding[] {
  const query = readQuery(sql);
  const { tokens, tree } = query;
  if (tree.kind === "unknown") return targetTokenFindings(sql, tokens, target);
  return tableNames(tree.query).flatMap((parts) => targetFinding(query, parts, target) ?? []);
}

function namelessDerived(node: unknown, places: Places, findings: Finding[]): void {
  if (typeof node !== "object" || node === null) return;
  const derived = at(node, "Derived");
  if (derived !== undefined && (at(derived, "alias") === null || at(derived, "alias") === undefined)) {
    const remark = {
      code: "DERIVED_WITHOUT_NAME",
      message: "A SELECT in FROM needs a name",
      fix: "Write a name behind its ): (SELECT …) AS x",
    };
    findings.push({ ...placeOfSelect(places, derived), remark });
  }
  for (const child of Object.values(node)) namelessDerived(child, places, findings);
}

/** Tables that cannot be read where or as they are written; source: MCE 5.2, 8.1. */
export function tableFindings(query: unknown, places: Places, target: Target | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const parts of tableNames(query)) {
    const prefix = prefixFinding(places, parts);
    const read = target && targetFinding(places, parts, target);
    findings.push(...[prefix, read].flatMap((finding) => finding ?? []));
  }
  namelessDerived(query, places, findings);
  return findings;
}

/** `FROM 123456.X`: a number before the dot, which no parser takes for a name. */
export function numberPrefixFindings(tokens: readonly Token[], sql: string): Finding[] {
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1]?.upper;
    const name = tokens[index + 1];
    const isPrefix = token.kind === "number" && sql[token.end - 1] === "." && name?.start === token.end;
    if (!isPrefix || (before !== "FROM" && before !== "JOIN")) return [];
    const written = sql.slice(token.start, name.end);
    const remark = {
      code: "MULTI_PART_NAME",
      message: `The ${written} table has a multi-part specification: MCE allows Ent. only`,
      fix: `Write ${sql.slice(name.start, name.end)}, or Ent.${sql.slice(name.start, name.end)} for a shared Data Extension`,
    };
    return [{ start: token.start, end: name.end, remark }];
  });
}
