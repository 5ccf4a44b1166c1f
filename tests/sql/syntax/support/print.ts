import type { Call, Expression, OrderTerm, Window } from "#sql/syntax/expression-tree.ts";
import type { Body, Item, Join, Name, Node, Query, Select, Source } from "#sql/syntax/tree.ts";

/** A name as it is meant: in brackets when it is no plain word. */
export function shownName(value: string): string {
  return /^[A-Za-z_@#$][\w@#$]*$/.test(value) ? value : `[${value}]`;
}

/** A tree of names joined by dots. */
function dotted(parts: readonly Name[]): string {
  return parts.map(({ value }) => shownName(value)).join(".");
}

/** A text as a literal. */
export function shownText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function list(nodes: readonly Expression[]): string {
  return nodes.map(printed).join(", ");
}

function not(isNot: boolean): string {
  return isNot ? "NOT " : "";
}

function order(terms: readonly OrderTerm[]): string {
  return terms
    .map(({ expression, direction }) => printed(expression) + (direction === "DESC" ? " DESC" : ""))
    .join(", ");
}

function window({ name, partition, order: terms, frame }: Window): string {
  const parts = [
    name === undefined ? "" : shownName(name.value),
    partition.length > 0 ? `by ${list(partition)}` : "",
    terms.length > 0 ? `order ${order(terms)}` : "",
    frame === undefined ? "" : "frame",
  ];
  return ` over(${parts.filter((part) => part !== "").join("; ")})`;
}

function call({ name, args, isDistinct, isBare, withinGroup, over }: Call): string {
  const inside = isBare === true ? "" : `(${isDistinct === true ? "DISTINCT " : ""}${list(args)})`;
  const within = withinGroup === undefined ? "" : ` within(${order(withinGroup)})`;
  return `${dotted(name).toUpperCase()}${inside}${within}${over === undefined ? "" : window(over)}`;
}

function cast({ form, operand, type, style }: Extract<Expression, { kind: "cast" }>): string {
  const size = type.args.length === 0 ? "" : `(${type.args.join()})`;
  return `${form}(${printed(operand)} AS ${type.name}${size}${style === undefined ? "" : ` ${printed(style)}`})`;
}

/** An expression in words that show its structure: operators in parentheses, the text's own parentheses as `{…}`. */
export function printed(node: Expression): string {
  switch (node.kind) {
    case "column":
      return dotted(node.parts);
    case "star":
      return node.table.length === 0 ? "*" : `${dotted(node.table)}.*`;
    case "literal":
      if (node.type === "null" || node.type === "default") return node.type.toUpperCase();
      return node.type === "text" ? shownText(node.value) : node.value;
    case "variable":
      return node.name;
    case "keyword":
      return node.value;
    case "call":
      return call(node);
    case "method":
      return `${printed(node.object)}->${node.name.value.toUpperCase()}(${list(node.args)})`;
    case "cast":
      return cast(node);
    case "case": {
      const head = node.operand === undefined ? "" : `${printed(node.operand)}: `;
      const arms = node.branches.map(({ condition, result }) => `${printed(condition)} => ${printed(result)}`);
      const last = node.otherwise === undefined ? [] : [`else ${printed(node.otherwise)}`];
      return `case(${head}${[...arms, ...last].join(" | ")})`;
    }
    case "logical":
      return `(${node.operands.map(printed).join(` ${node.operator} `)})`;
    case "arithmetic": {
      const rest = node.operators.map(({ text }, index) => {
        const operand = node.operands[index + 1];
        return ` ${text} ${operand === undefined ? "?" : printed(operand)}`;
      });
      return `(${node.operands.slice(0, 1).map(printed).join()}${rest.join("")})`;
    }
    case "comparison": {
      const quantifier = node.quantifier === undefined ? "" : `${node.quantifier} `;
      return `(${printed(node.left)} ${node.operator.replace("!=", "<>")} ${quantifier}${printed(node.right)})`;
    }
    case "unary":
      return `(${node.operator}${printed(node.operand)})`;
    case "not":
      return `(NOT ${printed(node.operand)})`;
    case "between":
      return `(${printed(node.operand)} ${not(node.isNot)}BETWEEN ${printed(node.low)} AND ${printed(node.high)})`;
    case "in": {
      const inside = node.query === undefined ? `(${list(node.list)})` : printedQuery(node.query);
      return `(${printed(node.operand)} ${not(node.isNot)}IN ${inside})`;
    }
    case "like": {
      const escape = node.escape === undefined ? "" : ` ESCAPE ${printed(node.escape)}`;
      return `(${printed(node.operand)} ${not(node.isNot)}LIKE ${printed(node.pattern)}${escape})`;
    }
    case "is-null":
      return `(${printed(node.operand)} IS ${not(node.isNot)}NULL)`;
    case "is-distinct":
      return `(${printed(node.left)} IS ${not(node.isNot)}DISTINCT FROM ${printed(node.right)})`;
    case "exists":
      return `EXISTS ${printedQuery(node.query)}`;
    case "subquery":
      return printedQuery(node.query);
    case "parens":
      return `{${printed(node.inner)}}`;
    case "collate":
      return `(${printed(node.operand)} COLLATE ${shownName(node.collation.value)})`;
    case "at-time-zone":
      return `(${printed(node.operand)} AT ${printed(node.zone)})`;
    case "grouping":
      return `${node.form === "" ? "set" : node.form}(${list(node.items)})`;
    case "opaque":
      return opaque(node.inside);
    case "missing":
      return "?";
  }
}

function opaque(inside: readonly Node[]): string {
  const parts = inside.map((node) =>
    node.kind === "query" ? printedQuery(node) : isSource(node) ? printedSource(node) : printed(node as Expression),
  );
  return `…${parts.length === 0 ? "" : `(${parts.join(", ")})`}`;
}

function isSource(node: Node): node is Exclude<Source, { kind: "opaque" | "missing" }> {
  return ["table", "table-call", "derived", "pivot", "unpivot", "joined"].includes(node.kind);
}

function item({ expression, alias }: Item): string {
  return printed(expression) + (alias === undefined ? "" : ` as ${shownName(alias.name.value)}`);
}

const joinNames: Readonly<Record<Join["type"], string>> = {
  inner: "JOIN",
  left: "LEFT",
  right: "RIGHT",
  full: "FULL",
  cross: "CROSS",
  "cross-apply": "APPLY",
  "outer-apply": "OUTER APPLY",
};

function join({ type, source, on }: Join): string {
  return ` ${joinNames[type]} ${printedSource(source)}${on === undefined ? "" : ` ON ${printed(on)}`}`;
}

function behind({ alias, columns }: { alias?: Name; columns: readonly Name[] }): string {
  const names = columns.map(({ value }) => shownName(value)).join(", ");
  return (alias === undefined ? "" : ` ${shownName(alias.value)}`) + (names === "" ? "" : `(${names})`);
}

/** A source of FROM: joins in parentheses. */
function printedSource(node: Source): string {
  switch (node.kind) {
    case "table": {
      const hints = node.hints.map(({ value }) => value.toUpperCase()).join(", ");
      return `${dotted(node.name)}${behind(node)}${hints === "" ? "" : ` {${hints}}`}`;
    }
    case "table-call": {
      const fields = node.fields?.map(({ name, type }) => `${shownName(name.value)} ${type.name}`).join(", ");
      const shown = fields === undefined ? "" : ` with(${fields})`;
      return `${dotted(node.name)}(${list(node.args)})${shown}${behind(node)}`;
    }
    case "derived":
      return `${printedQuery(node.query)}${behind(node)}`;
    case "pivot": {
      const values = node.values.map(({ value }) => shownName(value)).join(", ");
      const inside = `${printed(node.aggregate)} for ${printed(node.column)} in ${values}`;
      return `${printedSource(node.source)} PIVOT(${inside})${behind(node)}`;
    }
    case "unpivot": {
      const inside = `${node.value.value} for ${node.name.value} in ${list(node.turned)}`;
      return `${printedSource(node.source)} UNPIVOT(${inside})${behind(node)}`;
    }
    case "joined":
      return `(${printedSource(node.first)}${node.joins.map(join).join("")})`;
    case "opaque":
      return opaque(node.inside);
    case "missing":
      return "?";
  }
}

function select(node: Select): string {
  const { top, groupBy } = node;
  const parts = [
    node.quantifier ?? "",
    top === undefined
      ? ""
      : `top ${printed(top.count)}${top.isPercent ? " percent" : ""}${top.withTies ? " ties" : ""}:`,
    node.items.map(item).join(", "),
    node.into === undefined ? "" : `into ${dotted(node.into)}`,
    node.from.length === 0 ? "" : `from ${node.from.map(printedSource).join(", ")}`,
    node.where === undefined ? "" : `where ${printed(node.where)}`,
    groupBy === undefined ? "" : `group ${list(groupBy.terms)}${groupBy.with === undefined ? "" : ` ${groupBy.with}`}`,
    node.having === undefined ? "" : `having ${printed(node.having)}`,
    ...node.windows.map(({ name, window: own }) => `window ${name.value}${window(own)}`),
    ...node.extra.map((extra) => `extra ${printed(extra)}`),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function body(node: Body): string {
  switch (node.kind) {
    case "select":
      return select(node);
    case "set":
      return node.branches
        .map((branch, index) => (index === 0 ? "" : ` ${node.operators[index - 1]?.name} `) + inner(branch))
        .join("");
    case "values":
      return `values ${node.rows.map(({ cells }) => `(${list(cells)})`).join(", ")}`;
    case "query":
      return printedQuery(node);
    case "opaque":
      return opaque(node.inside);
    case "missing":
      return "?";
  }
}

function inner(branch: Body): string {
  return branch.kind === "query" ? printedQuery(branch) : `<${body(branch)}>`;
}

/** A query, in `<…>`. */
export function printedQuery({ commonTables, body: own, orderBy, forClause }: Query): string {
  const common = commonTables.map(
    ({ name, columns, query }) => `${name.value}${behind({ columns })} ${printedQuery(query)}`,
  );
  const parts = [
    common.length === 0 ? "" : `with ${common.join(", ")}`,
    body(own),
    orderBy === undefined ? "" : `order ${order(orderBy.terms)}`,
    orderBy?.offset === undefined ? "" : `offset ${printed(orderBy.offset)}`,
    orderBy?.fetch === undefined ? "" : `fetch ${printed(orderBy.fetch)}`,
    forClause === undefined ? "" : `for ${forClause.mode} ${forClause.style}${forClause.isTyped ? " typed" : ""}`,
  ];
  return `<${parts.filter((part) => part !== "").join(" ")}>`;
}
