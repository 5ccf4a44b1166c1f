import type { Span, Name, Missing, Opaque, Query } from "./tree.ts";

/** A column by its name: `a`, `t.a`, `Ent.[t].a`. */
export type Column = Span & { kind: "column"; parts: Name[] };
/** `*` or `t.*`. */
type Star = Span & { kind: "star"; table: Name[] };
/** A value as written: quotes undone, signs not included. */
export type Literal = Span & {
  kind: "literal";
  type: "text" | "number" | "money" | "binary" | "null" | "default";
  value: string;
};
type Variable = Span & { kind: "variable"; name: string };
/** A word that is no column: the `day` of DATEADD(day, …). */
type Keyword = Span & { kind: "keyword"; value: string };
/** `f(…)`; `isBare` without parentheses (CURRENT_TIMESTAMP). */
export type Call = Span & {
  kind: "call";
  name: Name[];
  args: Expression[];
  isDistinct?: true;
  isBare?: true;
  withinGroup?: OrderTerm[];
  over?: Window;
};
/** A method of a value: `x.value('.', 'int')`, `geography::Point(1, 2, 3)`. */
type Method = Span & { kind: "method"; object: Expression; name: Name; args: Expression[] };
/** CAST, CONVERT and their kin; `style` is CONVERT's third argument or PARSE's culture. */
export type Cast = Span & {
  kind: "cast";
  form: "CAST" | "TRY_CAST" | "CONVERT" | "TRY_CONVERT" | "PARSE" | "TRY_PARSE";
  operand: Expression;
  type: DataType;
  style?: Expression;
};
/** A data type: its name lower-cased, `args` as `["max"]` or `["10", "2"]`. */
export type DataType = Span & { kind: "type"; name: string; args: string[] };
export type CaseBranch = Span & { kind: "when"; condition: Expression; result: Expression };
export type Case = Span & {
  kind: "case";
  operand?: Expression;
  branches: CaseBranch[];
  otherwise?: Expression;
};
/** A chain of AND or OR. */
export type Logical = Span & { kind: "logical"; operator: "AND" | "OR"; operands: Expression[] };
/** A chain of operators of one precedence, left to right: one fewer than operands. */
export type Arithmetic = Span & { kind: "arithmetic"; operators: (Span & { text: string })[]; operands: Expression[] };
export type Comparison = Span & {
  kind: "comparison";
  operator: string;
  left: Expression;
  right: Expression;
  quantifier?: "ALL" | "ANY" | "SOME";
};
export type Unary = Span & { kind: "unary"; operator: "+" | "-" | "~"; operand: Expression };
export type Not = Span & { kind: "not"; operand: Expression };
export type Between = Span & {
  kind: "between";
  operand: Expression;
  low: Expression;
  high: Expression;
  isNot: boolean;
};
/** `x IN (…)`: a list, or a query. */
export type In = Span & { kind: "in"; operand: Expression; list: Expression[]; query?: Query; isNot: boolean };
export type Like = Span & {
  kind: "like";
  operand: Expression;
  pattern: Expression;
  escape?: Expression;
  isNot: boolean;
};
export type IsNull = Span & { kind: "is-null"; operand: Expression; isNot: boolean };
export type IsDistinct = Span & { kind: "is-distinct"; left: Expression; right: Expression; isNot: boolean };
type Exists = Span & { kind: "exists"; query: Query };
/** A query that stands for one value. */
type Subquery = Span & { kind: "subquery"; query: Query };
/** An expression in parentheses, or an escape of ODBC; `instead`: what T-SQL has around [from, to) of it. */
export type Parens = Span & {
  kind: "parens";
  inner: Expression;
  instead?: { head: string; from: number; to: number; tail: string };
};
type Collate = Span & { kind: "collate"; operand: Expression; collation: Name };
type AtTimeZone = Span & { kind: "at-time-zone"; operand: Expression; zone: Expression };
/** ROLLUP, CUBE, GROUPING SETS and the lists of columns inside them (`form` is then ""). */
export type Grouping = Span & { kind: "grouping"; form: "" | "ROLLUP" | "CUBE" | "GROUPING SETS"; items: Expression[] };

export type Expression =
  | Column
  | Star
  | Literal
  | Variable
  | Keyword
  | Call
  | Method
  | Cast
  | Case
  | Logical
  | Arithmetic
  | Comparison
  | Unary
  | Not
  | Between
  | In
  | Like
  | IsNull
  | IsDistinct
  | Exists
  | Subquery
  | Parens
  | Collate
  | AtTimeZone
  | Grouping
  | Opaque
  | Missing;

/** What OVER holds: a window of its own, or the name of one. */
export type Window = Span & { kind: "window"; name?: Name; partition: Expression[]; order: OrderTerm[]; frame?: Span };
export type OrderTerm = Span & { kind: "order-term"; expression: Expression; direction?: "ASC" | "DESC" };
