import type { Expression } from "../syntax/expression-tree.ts";
import { aliasOf, columnsIn } from "../syntax/outputs.ts";
import type { Joined, Name, Pivot, Source, Table, TableCall, Unpivot } from "../syntax/tree.ts";
import { typeOfDataType } from "../types/data-types.ts";
import { int, text, unknownType } from "../types/sql-type.ts";
import { readAll, typeOfExpression } from "./expression.ts";
import { pivotColumns, unpivotColumns } from "./pivot.ts";
import type { Reading } from "./reading.ts";
import { innerScope, type Columns, type Relation, type Scope } from "./scope.ts";
import { tableRelation } from "./tables.ts";
import { upperCase } from "../text/upper-case.ts";

/** Gives columns the names of an alias's column list: `AS v(a, b)`. */
export function renamed({ columns, isOpen }: Columns, names: readonly Name[]): Columns {
  if (names.length === 0) return { columns, isOpen };
  return {
    columns: names.map(({ value }, index) => ({ name: value, type: columns[index]?.type ?? unknownType })),
    isOpen: false,
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

function functionColumns(reading: Reading, name: string, args: readonly Expression[], scope: Scope): Columns {
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

function namedTable(reading: Reading, { name, alias, columns }: Table, here: Scope): Relation {
  const own = name.at(-1)?.value ?? "";
  const shown = alias?.value ?? own;
  const common = name.length === 1 ? here.ctes.get(own.toLowerCase()) : undefined;
  if (common !== undefined) return { alias: shown, ...renamed(common, columns) };
  return tableRelation(reading, name, shown);
}

function calledTable(reading: Reading, node: TableCall, here: Scope): Relation {
  const own = node.name.at(-1)?.value ?? "";
  const found = functionColumns(reading, upperCase(own), node.args, here);
  const fields = node.fields?.map(({ name, type }) => ({ name: name.value, type: typeOfDataType(type) }));
  const columns = fields === undefined ? found : { columns: fields, isOpen: false };
  return {
    alias: aliasOf(node),
    ...renamed(columns, node.columns),
    ...(node.alias === undefined ? { isNameless: true } : {}),
  };
}

/** What a PIVOT turns. It passes all columns on, as a star does, so it takes room as one. */
function turnedSource(reading: Reading, source: Source, here: Scope, outer: Scope): Relation {
  const relation = relationsOf(reading, source, here, outer)[0] ?? { alias: "", ...openColumns };
  reading.stars.room -= relation.columns.length;
  return reading.stars.room < 0 ? { alias: relation.alias, ...openColumns } : relation;
}

function pivoted(reading: Reading, node: Pivot, here: Scope, outer: Scope): Relation {
  const source = turnedSource(reading, node.source, here, outer);
  const inside: Scope = { ...innerScope(outer), relations: [source] };
  const used = [...columnsIn(node.column), ...columnsIn(node.aggregate)];
  const type = typeOfExpression(reading, node.aggregate, inside);
  const names = node.values.map(({ value }) => value);
  return { alias: aliasOf(node), ...renamed(pivotColumns(source, used, names, type), node.columns) };
}

function unpivoted(reading: Reading, node: Unpivot, here: Scope, outer: Scope): Relation {
  const source = turnedSource(reading, node.source, here, outer);
  const turned = node.turned.flatMap(columnsIn);
  const columns = unpivotColumns(source, turned, node.value.value, node.name.value);
  return { alias: aliasOf(node), ...renamed(columns, node.columns) };
}

/**
 * The relations one source of FROM makes; more than one only for joined ones.
 *
 * @param here what stands before it in the same FROM, visible to APPLY only
 * @param outer what the query around sees
 */
function relationsOf(reading: Reading, source: Source, here: Scope, outer: Scope): Relation[] {
  switch (source.kind) {
    case "table":
      return [namedTable(reading, source, here)];
    case "table-call":
      return [calledTable(reading, source, here)];
    case "derived": {
      const role = source.columns.length > 0 ? "branch" : "table";
      const found = reading.queryColumns(reading, source.query, outer, role);
      return [{ alias: aliasOf(source), ...renamed(found, source.columns) }];
    }
    case "joined": {
      const relations: Relation[] = [];
      addJoined(reading, source, relations, { ...here, relations }, outer);
      return relations;
    }
    case "pivot":
      return [pivoted(reading, source, here, outer)];
    case "unpivot":
      return [unpivoted(reading, source, here, outer)];
    case "opaque":
    case "missing":
      return [{ alias: "", ...openColumns }];
  }
}

/** Adds what is joined, in order: an ON sees what is joined up to it. */
function addJoined(reading: Reading, { first, joins }: Joined, relations: Relation[], here: Scope, outer: Scope): void {
  relations.push(...relationsOf(reading, first, here, outer));
  for (const { type, source, on } of joins) {
    const isApply = type === "cross-apply" || type === "outer-apply";
    // An applied table sees what stands before it, as a subquery would.
    relations.push(...relationsOf(reading, source, here, isApply ? here : outer));
    readAll(reading, [on], here);
  }
}

/** The scope a SELECT's FROM makes inside `outer`: every table, derived table and function in it, in order. */
export function fromScope(reading: Reading, from: readonly Source[], outer: Scope): Scope {
  const relations: Relation[] = [];
  const here: Scope = { relations, outer, ctes: outer.ctes };
  for (const source of from) {
    if (source.kind === "joined") addJoined(reading, source, relations, here, outer);
    else relations.push(...relationsOf(reading, source, here, outer));
  }
  return here;
}
