import type { Column, DataType, CaseBranch, Expression, Window, OrderTerm } from "./expression-tree.ts";

/** UTF-16 offsets into the text, [start, end). */
export type Span = { start: number; end: number };

/** A name as it is meant: brackets and quotes undone; "" where the text leaves it out. */
export type Name = Span & { value: string; isQuoted: boolean };

/** Something has to stand here and does not. */
export type Missing = Span & { kind: "missing" };

/** Text that is not understood; `inside` is what was read of it: queries, expressions. */
export type Opaque = Span & { kind: "opaque"; inside: Node[] };

/** The alias of a select item: `x AS a`, `x a` or `a = x`; `name` is the place of the name alone. */
type Alias = { name: Name; form: "as" | "bare" | "equals" };
/** One item of a select list, its alias included. */
export type Item = Span & { kind: "item"; expression: Expression; alias?: Alias };

/** The alias of a table, and the names it gives to the columns. */
type Aliased = { alias?: Name; columns: Name[] };
export type Table = Span & Aliased & { kind: "table"; name: Name[]; hints: Name[] };
export type TableCall = Span &
  Aliased & { kind: "table-call"; name: Name[]; args: Expression[]; fields?: JsonField[]; hints: Name[] };
/** A column of OPENJSON … WITH. */
export type JsonField = Span & { kind: "json-field"; name: Name; type: DataType; path?: string; isJson?: true };
export type Derived = Span & Aliased & { kind: "derived"; query: Query };
export type Pivot = Span &
  Aliased & { kind: "pivot"; source: Source; aggregate: Expression; column: Expression; values: Name[] };
export type Unpivot = Span & Aliased & { kind: "unpivot"; source: Source; value: Name; name: Name; turned: Column[] };
/** A table and what is joined to it, in order: one term of FROM's list, or what parentheses in FROM hold. */
export type Joined = Span & { kind: "joined"; first: Source; joins: Join[] };
export type Join = Span & {
  kind: "join";
  type: "inner" | "left" | "right" | "full" | "cross" | "cross-apply" | "outer-apply";
  source: Source;
  on?: Expression;
};
export type Source = Table | TableCall | Derived | Pivot | Unpivot | Joined | Opaque | Missing;

/** The words a clause begins with; `until` is where the next thing begins. */
export type Clause = Span & {
  name: "SELECT" | "INTO" | "FROM" | "WHERE" | "GROUP BY" | "HAVING" | "WINDOW" | "ORDER BY" | "FOR" | "OPTION";
  until: number;
};
export type Top = Span & { kind: "top"; count: Expression; isPercent: boolean; withTies: boolean };
export type GroupBy = Span & { kind: "group-by"; terms: Expression[]; isAll?: true; with?: "ROLLUP" | "CUBE" };
export type NamedWindow = Span & { kind: "named-window"; name: Name; window: Window };
export type Select = Span & {
  kind: "select";
  quantifier?: "DISTINCT" | "ALL";
  top?: Top;
  items: Item[];
  into?: Name[];
  from: Source[];
  where?: Expression;
  groupBy?: GroupBy;
  having?: Expression;
  windows: NamedWindow[];
  /** Clauses that stand there a second time. */
  extra: Expression[];
  /** In the order of the text. */
  clauses: Clause[];
  /** Where the next thing behind it begins. */
  until: number;
};
/** Queries joined by set operators of one precedence: one operator fewer than branches. */
export type SetOperations = Span & {
  kind: "set";
  branches: Body[];
  operators: (Span & { name: "UNION" | "UNION ALL" | "EXCEPT" | "INTERSECT" })[];
};
export type Row = Span & { kind: "row"; cells: Expression[] };
export type Values = Span & { kind: "values"; rows: Row[] };
/** A query in parentheses is a body of its own. */
export type Body = Select | SetOperations | Values | Query | Opaque | Missing;

export type CommonTable = Span & { kind: "common-table"; name: Name; columns: Name[]; query: Query };
export type OrderBy = Span & { kind: "order-by"; terms: OrderTerm[]; offset?: Expression; fetch?: Expression };
/** FOR XML, FOR JSON, FOR BROWSE; `style` is PATH, AUTO, RAW or EXPLICIT, `isTyped` for XML's TYPE. */
export type For = Span & { kind: "for"; mode: string; style: string; isTyped: boolean };
export type Query = Span & {
  kind: "query";
  commonTables: CommonTable[];
  body: Body;
  orderBy?: OrderBy;
  forClause?: For;
  option?: Span;
  /** ORDER BY, FOR and OPTION, in the order of the text. */
  clauses: Clause[];
  /** Where the next thing behind it begins. */
  until: number;
};

export type Node =
  | Expression
  | DataType
  | CaseBranch
  | Row
  | Window
  | OrderTerm
  | Item
  | Source
  | Join
  | JsonField
  | Top
  | GroupBy
  | NamedWindow
  | Body
  | CommonTable
  | OrderBy
  | For;
