import { at, listAt, nameOf, namesOf, variant, type Name } from "./ast.ts";
import { readAll, typeOfExpression } from "./expression.ts";
import { literalText } from "../types/literals.ts";
import { pivotColumns, unpivotColumns } from "./pivot.ts";
import type { Reading } from "./reading.ts";
import { innerScope, type Columns, type Relation, type Scope } from "./scope.ts";
import { functionArguments, tableRelation } from "./tables.ts";
import { typeOfDataType } from "../types/data-types.ts";
import { int, text, unknownType } from "../types/sql-type.ts";

/** Gives columns the names of an alias's column list: `AS v(a, b)`. */
export function renamed({ columns, isOpen }: Columns, names: readonly Name[]): Columns {
  if (names.length === 0) return { columns, isOpen };
  return {
    columns: names.map(({ value }, index) => ({ name: value, type: columns[index]?.type ?? unknownType })),
    isOpen: false,
  };
}

type Alias = { name: Name | undefined; columns: Name[] };

function aliasOf(factor: unknown): Alias {
  const alias = at(factor, "alias");
  return {
    name: nameOf(at(alias, "name")),
    columns: listAt(alias, "columns").flatMap((column) => nameOf(at(column, "name")) ?? []),
  };
}

/** The columns of table-valued functions: learn.microsoft.com, STRING_SPLIT, OPENJSON, GENERATE_SERIES. */
const tableFunctions: Readonly<Record<string, Columns>> = {
  STRING_SPLIT: {
    columns: [
      { name: "value", type: text("max") },
      { name: "ordinal", type: int },
    ],
    isOpen: false,
  },
  OPENJSON: {
    columns: [
      { name: "key", type: text(4000) },
      { name: "value", type: text("max") },
      { name: "type", type: int },
    ],
    isOpen: false,
  },
  GENERATE_SERIES: { columns: [{ name: "value", type: int }], isOpen: false },
};

const openColumns: Columns = { columns: [], isOpen: true };

function functionColumns(reading: Reading, name: string, args: readonly unknown[], scope: Scope): Columns {
  const types = args.map((argument) => typeOfExpression(reading, argument, scope));
  const known = Object.hasOwn(tableFunctions, name) ? tableFunctions[name] : undefined;
  if (name !== "STRING_SPLIT" || known === undefined) return known ?? openColumns;
  // A piece is no longer than the text it is cut from.
  const source = types[0]?.kind === "text" ? types[0] : text("max");
  const columns = [
    { name: "value", type: source },
    { name: "ordinal", type: int },
  ];
  return { columns: columns.slice(0, args.length > 2 ? 2 : 1), isOpen: false };
}

function namedTable(reading: Reading, body: unknown, here: Scope): Relation {
  const parts = namesOf(at(body, "name"));
  const { name: alias, columns: names } = aliasOf(body);
  const own = parts.at(-1)?.value ?? "";
  const shown = alias?.value ?? own;
  const args = functionArguments(body);
  if (args !== undefined) {
    return { alias: shown, ...renamed(functionColumns(reading, own.toUpperCase(), args, here), names) };
  }
  const common = parts.length === 1 ? here.ctes.get(own.toLowerCase()) : undefined;
  if (common !== undefined) return { alias: shown, ...common };
  return tableRelation(reading, parts, shown);
}

function openJsonTable(reading: Reading, body: unknown, here: Scope): Relation {
  readAll(reading, at(body, "json_expr"), here);
  const columns = listAt(body, "columns").flatMap((column) => {
    const name = nameOf(at(column, "name"));
    return name === undefined ? [] : [{ name: name.value, type: typeOfDataType(at(column, "type")) }];
  });
  const plain = tableFunctions["OPENJSON"] ?? openColumns;
  return { alias: aliasOf(body).name?.value ?? "", ...(columns.length > 0 ? { columns, isOpen: false } : plain) };
}

/** The name a pivoted value becomes as a column: `IN ([a], [b])`. */
function pivotValue(item: unknown): string | undefined {
  const alias = nameOf(at(item, "alias"));
  const { tag, body } = variant(at(item, "expr"));
  return alias?.value ?? (tag === "Identifier" ? nameOf(body)?.value : literalText(at(item, "expr")));
}

function pivoted(reading: Reading, body: unknown, here: Scope, outer: Scope): Relation {
  const source = relationsOf(reading, at(body, "table"), here, outer)[0] ?? { alias: "", ...openColumns };
  const inside: Scope = { ...innerScope(outer), relations: [source] };
  const aggregate = at(listAt(body, "aggregate_functions")[0], "expr");
  const { tag, body: values } = variant(at(body, "value_source"));
  const names = tag === "List" && Array.isArray(values) ? values.map(pivotValue) : undefined;
  const used = [...namesIn(at(body, "value_column")), ...namesIn(aggregate)];
  const type = typeOfExpression(reading, aggregate, inside);
  const columns = pivotColumns(source, used, names, type);
  const { name, columns: list } = aliasOf(body);
  return { alias: name?.value ?? "", ...renamed(columns, list) };
}

/** Every column name inside a node, without its table. */
function namesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn);
  const { tag, body } = variant(node);
  if (tag === "Identifier") return [nameOf(body)?.value ?? []].flat();
  if (tag === "CompoundIdentifier") return [namesOf(body).at(-1)?.value ?? []].flat();
  if (tag === "Function") return namesIn(at(body, "args"));
  return typeof node === "object" && node !== null ? Object.values(node).flatMap(namesIn) : [];
}

function unpivoted(reading: Reading, body: unknown, here: Scope, outer: Scope): Relation {
  const source = relationsOf(reading, at(body, "table"), here, outer)[0] ?? { alias: "", ...openColumns };
  const value = namesIn(at(body, "value"))[0] ?? "";
  const name = nameOf(at(body, "name"))?.value ?? "";
  const alias = aliasOf(body);
  return { alias: alias.name?.value ?? "", ...unpivotColumns(source, namesIn(at(body, "columns")), value, name) };
}

/**
 * The relations one table factor of FROM makes; more than one only for a nested join.
 *
 * @param here what stands before it in the same FROM, visible to APPLY only
 * @param outer what the query around sees
 */
function relationsOf(reading: Reading, factor: unknown, here: Scope, outer: Scope): Relation[] {
  const { tag, body } = variant(factor);
  switch (tag) {
    case "Table":
      return [namedTable(reading, body, here)];
    case "Derived": {
      const { name, columns: names } = aliasOf(body);
      const found = reading.queryColumns(reading, at(body, "subquery"), outer, names.length > 0 ? "branch" : "table");
      return [{ alias: name?.value ?? "", ...renamed(found, names) }];
    }
    case "NestedJoin": {
      const relations: Relation[] = [];
      addJoined(reading, at(body, "table_with_joins"), relations, { ...here, relations }, outer);
      return relations;
    }
    case "Pivot":
      return [pivoted(reading, body, here, outer)];
    case "Unpivot":
      return [unpivoted(reading, body, here, outer)];
    case "OpenJsonTable":
      return [openJsonTable(reading, body, here)];
    default:
      readAll(reading, at(body, "args"), here);
      return [{ alias: aliasOf(body).name?.value ?? "", ...openColumns }];
  }
}

function addJoined(reading: Reading, item: unknown, relations: Relation[], here: Scope, outer: Scope): void {
  relations.push(...relationsOf(reading, at(item, "relation"), here, outer));
  const conditions: unknown[] = [];
  for (const join of listAt(item, "joins")) {
    const { tag, body } = variant(at(join, "join_operator"));
    const isApply = tag === "CrossApply" || tag === "OuterApply";
    // An applied table sees what stands before it, as a subquery would.
    relations.push(...relationsOf(reading, at(join, "relation"), here, isApply ? here : outer));
    conditions.push(body);
  }
  for (const condition of conditions) readAll(reading, at(condition, "On"), here);
}

/** The scope a SELECT's FROM makes inside `outer`: every table, derived table and function in it, in order. */
export function fromScope(reading: Reading, from: readonly unknown[], outer: Scope): Scope {
  const relations: Relation[] = [];
  const here: Scope = { relations, outer, ctes: outer.ctes };
  for (const item of from) addJoined(reading, item, relations, here, outer);
  return here;
}
