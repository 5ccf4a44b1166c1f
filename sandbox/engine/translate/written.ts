import type { Json } from "./ast.ts";

/** Nodes of the parser's tree, for constructs that are short for a longer query. */
export function writtenName(value: string): Json {
  return { Identifier: { value } };
}

/** A literal `N'…'`. */
export function writtenText(value: string): Json {
  return { Value: { value: { NationalStringLiteral: value } } };
}

/** `name(argument)`. */
export function writtenCall(name: string, argument: Json): Json {
  return {
    Function: { name: [{ Identifier: { value: name } }], args: { List: { args: [{ Unnamed: { Expr: argument } }] } } },
  };
}

/** `CASE WHEN left = right THEN result END`. */
export function writtenCase(left: Json, right: Json, result: Json): Json {
  return { Case: { conditions: [{ condition: { BinaryOp: { left, op: "Eq", right } }, result }] } };
}

/** `expr AS name`. */
export function writtenColumn(expr: Json, name: string): Json {
  return { ExprWithAlias: { expr, alias: { value: name } } };
}

/** `SELECT … FROM relation [WHERE …] [GROUP BY …]`. */
export function writtenSelect(parts: { columns: Json[]; relation: Json; where?: Json; groups?: Json[] }): Json {
  return {
    Select: {
      projection: parts.columns,
      from: [{ relation: parts.relation, joins: [] }],
      selection: parts.where ?? null,
      group_by: { Expressions: [parts.groups ?? [], []] },
    },
  };
}
