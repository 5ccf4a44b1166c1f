/** UTF-16 offsets into the text, [start, end). */
export type Span = { start: number; end: number };

/** A name as it is meant: brackets and quotes undone; "" where the text leaves it out. */
export type Name = Span & { value: string; isQuoted: boolean };

/** Something has to stand here and does not. */
export type Missing = Span & { kind: "missing" };

/** Text that is not understood; `inside` is what was read of it: queries, expressions. */
export type Opaque = Span & { kind: "opaque"; inside: Node[] };

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
type CaseBranch = Span & { kind: "when"; condition: Expression; result: Expression };
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
type Parens = Span & { kind: "parens"; inner: Expression };
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
