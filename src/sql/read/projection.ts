import { at, listAt, nameOf, namesOf, variant, type Name } from "./ast.ts";
import { settledNames, type Unsettled } from "./column-names.ts";
import { typeOfExpression } from "./expression.ts";
import { literalText } from "../types/literals.ts";
import { offsetOf, tokenIndexAt } from "../text/places.ts";
import type { Edit, Reading, Role } from "./reading.ts";
import { relationNamed, resolve, type Column, type Columns, type Relation, type Scope } from "./scope.ts";
import { selectItems, type ItemTokens } from "../text/select-items.ts";
import { bracketed } from "../text/splice.ts";
import type { SqlType } from "../types/sql-type.ts";

/** A column of a star: which relation's, so that it can be written out. */
type StarColumn = { relation: Relation; column: Column };

/** One item of the select list. */
type Item =
  | { kind: "star"; columns: StarColumn[]; relations: readonly Relation[]; isOpen: boolean }
  | { kind: "expression"; type: SqlType; name: string | undefined; suggestion?: string; alias?: Name };

function star(relations: readonly Relation[]): Item {
  const columns = relations.flatMap((relation) => relation.columns.map((column) => ({ relation, column })));
  // A column nobody named cannot be written out either.
  const isOpen =
    relations.length === 0 ||
    relations.some((relation) => relation.isOpen) ||
    columns.some(({ column }) => column.name === undefined);
  return { kind: "star", columns, relations, isOpen };
}

/** The name T-SQL gives an expression without alias: a column's own. */
function ownName(expression: unknown): string | undefined {
  const { tag, body } = variant(expression);
  if (tag === "Identifier") return nameOf(body)?.value;
  if (tag === "CompoundIdentifier") return namesOf(body).at(-1)?.value;
  return undefined;
}

/** A good name for an expression that has none: the function's, or the column's it is made of. */
function suggestedName(expression: unknown): string | undefined {
  const { tag, body } = variant(expression);
  if (tag === "Function") return namesOf(at(body, "name")).at(-1)?.value;
  if (tag === "Nested") return ownName(body) ?? suggestedName(body);
  if (tag === "Cast" || tag === "Convert" || tag === "Collate" || tag === "Trim" || tag === "Substring") {
    return ownName(at(body, "expr")) ?? suggestedName(at(body, "expr"));
  }
  return undefined;
}

function expressionItem(reading: Reading, expression: unknown, alias: Name | undefined, scope: Scope): Item {
  const type = typeOfExpression(reading, expression, scope);
  if (alias !== undefined) return { kind: "expression", type, name: alias.value, alias };
  const suggestion = suggestedName(expression);
  const name = ownName(expression);
  return { kind: "expression", type, name, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** `'x' = expression`, which the parser takes for a comparison: no select list may hold one. */
function stringAssignment(expression: unknown): { alias: Name; expression: unknown } | undefined {
  const { tag, body } = variant(expression);
  const value = tag === "BinaryOp" && at(body, "op") === "Eq" ? literalText(at(body, "left")) : undefined;
  return value === undefined
    ? undefined
    : { alias: { value, quoted: true, span: undefined }, expression: at(body, "right") };
}

function itemOf(reading: Reading, node: unknown, scope: Scope): Item {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Wildcard":
      return star(scope.relations);
    case "QualifiedWildcard": {
      const target: unknown = Array.isArray(body) ? body[0] : undefined;
      const name = namesOf(at(target, "ObjectName")).at(-1)?.value ?? "";
      return star([relationNamed(scope, name) ?? []].flat());
    }
    case "UnnamedExpr": {
      const assigned = stringAssignment(body);
      return assigned === undefined
        ? expressionItem(reading, body, undefined, scope)
        : expressionItem(reading, assigned.expression, assigned.alias, scope);
    }
    case "ExprWithAlias":
      return expressionItem(reading, at(body, "expr"), nameOf(at(body, "alias")), scope);
    default:
      return expressionItem(reading, node, undefined, scope);
  }
}

function unsettled(item: Item): Unsettled[] {
  return item.kind === "star" ? item.columns.map(({ column }) => ({ name: column.name })) : [item];
}

function starText(columns: readonly StarColumn[], names: readonly string[], isQualified: boolean): string {
  return columns
    .map(({ relation, column }, index) => {
      const name = column.name ?? "";
      const before = isQualified ? `${bracketed(relation.alias)}.` : "";
      const settled = names[index] ?? name;
      return before + bracketed(name) + (settled === name ? "" : ` AS ${bracketed(settled)}`);
    })
    .join(", ");
}

/** The edit that makes an expression's name the settled one; nothing when it already is. */
function nameEdit(
  reading: Reading,
  item: Item & { kind: "expression" },
  tokens: ItemTokens,
  settled: string,
): Edit | undefined {
  if (item.name === settled) return undefined;
  const isBefore = reading.tokens[tokens.first + 1]?.upper === "=";
  const alias = item.alias === undefined ? undefined : reading.tokens[isBefore ? tokens.first : tokens.end - 1];
  if (alias !== undefined) return { start: alias.start, end: alias.end, text: bracketed(settled) };
  const last = reading.tokens[tokens.end - 1];
  return last && { start: last.end, end: last.end, text: ` AS ${bracketed(settled)}` };
}

function starEdit(
  reading: Reading,
  item: Item & { kind: "star" },
  tokens: ItemTokens,
  names: readonly string[],
  scope: Scope,
): Edit | undefined {
  const first = reading.tokens[tokens.first];
  const last = reading.tokens[tokens.end - 1];
  if (first === undefined || last === undefined) return undefined;
  return {
    start: first.start,
    end: last.end,
    text: starText(item.columns, names, scope.relations.length > 1 || tokens.end - tokens.first > 1),
  };
}

/** Where each item of a SELECT stands; nothing when the tokens and the tree disagree. */
function placesOf(reading: Reading, select: unknown, count: number): ItemTokens[] | undefined {
  const start = offsetOf(reading, at(at(at(select, "select_token"), "span"), "start"));
  if (start === undefined) return undefined;
  const items = selectItems(reading.tokens, tokenIndexAt(reading.tokens, start));
  return items.length === count ? items : undefined;
}

function noteOf(before: Unsettled, settled: string, position: number): string {
  if (before.name === undefined) return `Column ${position} has no name; it is called ${settled}`;
  return `${before.name} names two columns; the second is called ${settled}`;
}

/** Doubts a subquery's only column when it is no column of its own tables: `IN (SELECT x FROM t)` where t has no x. */
function doubtOuter(reading: Reading, select: unknown, scope: Scope): void {
  const items = listAt(select, "projection");
  const { tag, body } = variant(at(items[0], "UnnamedExpr"));
  const name = items.length === 1 && tag === "Identifier" ? nameOf(body) : undefined;
  if (name === undefined || scope.relations.length === 0) return;
  const resolved = resolve(scope, [name]);
  if (resolved.kind !== "column" || resolved.isOuter !== true) return;
  reading.doubts.push({ kind: "outer", name, tables: scope.relations.map(({ alias, table }) => table?.name ?? alias) });
}

/**
 * The columns of a SELECT's list, each item typed in the scope of its FROM.
 *
 * Where the columns are a result or a table, stars are written out, unnamed columns named and equal names told apart:
 * by edits of the reading, noted for the user when they change the result's names.
 */
export function projectionColumns(reading: Reading, select: unknown, scope: Scope, role: Role): Columns {
  const items = listAt(select, "projection").map((node) => itemOf(reading, node, scope));
  const flat = items.flatMap(unsettled);
  const types = items.flatMap((item) =>
    item.kind === "star" ? item.columns.map(({ column }) => column.type) : [item.type],
  );
  const isOpen = items.some((item) => item.kind === "star" && item.isOpen);
  const asWritten = {
    columns: flat.map(({ name }, index) => ({ name, type: types[index] ?? { kind: "unknown" as const } })),
    isOpen,
  };
  if (role === "value") {
    doubtOuter(reading, select, scope);
    return asWritten;
  }
  const isNamed = role !== "branch";
  const names = isNamed && !isOpen ? settledNames(flat) : flat.map(({ name }, index) => name ?? `Column${index + 1}`);
  const places = placesOf(reading, select, items.length);
  if (places === undefined) return asWritten;
  let at = 0;
  for (const [index, item] of items.entries()) {
    const tokens = places[index];
    const count = item.kind === "star" ? item.columns.length : 1;
    const settled = names.slice(at, at + count);
    if (tokens !== undefined) editItem(reading, item, tokens, settled, scope, isNamed && !isOpen);
    at += count;
  }
  if (role === "output") noteNames(reading, flat, names);
  if (!isNamed || isOpen) return asWritten;
  return { columns: names.map((name, index) => ({ name, type: types[index] ?? { kind: "unknown" } })), isOpen };
}

function noteNames(reading: Reading, flat: readonly Unsettled[], names: readonly string[]): void {
  for (const [index, before] of flat.entries()) {
    const settled = names[index] ?? "";
    if (before.name !== settled) reading.notes.push(noteOf(before, settled, index + 1));
  }
}

function editItem(
  reading: Reading,
  item: Item,
  tokens: ItemTokens,
  names: readonly string[],
  scope: Scope,
  isNamed: boolean,
): void {
  if (item.kind === "expression") {
    const edit = isNamed ? nameEdit(reading, item, tokens, names[0] ?? "") : undefined;
    if (edit !== undefined) reading.edits.push(edit);
  } else if (item.isOpen) {
    const first = reading.tokens[tokens.first];
    const last = reading.tokens[tokens.end - 1];
    if (first !== undefined && last !== undefined) {
      reading.openStars.push({
        start: first.start,
        end: last.end,
        relations: item.relations.filter((relation) => relation.isOpen),
      });
    }
  } else {
    const edit = starEdit(reading, item, tokens, names, scope);
    if (edit !== undefined) reading.edits.push(edit);
  }
}
