import type { Finding, Remark } from "../diagnostic.ts";
import type { Query as ReadText } from "../query.ts";
import { tableRefOf } from "../read/tables.ts";
import { nameOfToken } from "../text/token-name.ts";
import type { Token } from "../syntax/scan.ts";
import { isSameName } from "../read/scope.ts";
import { bracketed } from "../text/splice.ts";
import { placeOf, placeOfSelect } from "../syntax/places.ts";
import type { Name, Node, Query } from "../syntax/tree.ts";
import { childrenOf, tablesRead } from "../syntax/walk.ts";

/**
 * The Data Extension a run writes into, by the name FROM would use.
 *
 * `ent` tells whether FROM reaches it with `Ent.` before the name, or only without; absent: either way.
 */
export type Target = { name: string; ent?: boolean; mode: "overwrite" | "append" | "update" };

function prefixFinding(parts: readonly Name[]): Finding | undefined {
  const isPlain = parts.length === 1 || (parts.length === 2 && parts[0]?.value.toLowerCase() === "ent");
  if (isPlain) return undefined;
  const own = bracketed(parts.at(-1)?.value ?? "");
  return {
    ...placeOf(parts),
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

function namelessDerived(node: Node, findings: Finding[]): void {
  if (node.kind === "derived" && node.alias === undefined) {
    const remark = {
      code: "DERIVED_WITHOUT_NAME",
      message: "A SELECT in FROM needs a name",
      fix: "Write a name behind its ): (SELECT …) AS x",
    };
    findings.push({ ...placeOfSelect(node), remark });
  }
  for (const child of childrenOf(node)) namelessDerived(child, findings);
}

/** Tables that cannot be read where or as they are written; source: MCE 5.2, 8.1. */
export function tableFindings(query: Query, target: Target | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const { name } of tablesRead(query)) {
    const read = target && targetFinding(name, target);
    findings.push(...[prefixFinding(name), read].flatMap((finding) => finding ?? []));
  }
  namelessDerived(query, findings);
  return findings;
}

/** `FROM 123456.X`: a number before the dot, which is no name. */
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
