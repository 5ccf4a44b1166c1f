import { at, listAt, nameOf, variant } from "./witness-tree.ts";
import { shownName } from "./print.ts";
import { dataType, dotted, forClause, joinNames, levels, operators, unaryNames, value } from "./witness-words.ts";

/** Prints the borrowed parser's trees in the words `print.ts` has for ours. */

function list(nodes: readonly unknown[]): string {
  return nodes.map(printed).join(", ");
}

const isSet = (node: unknown): boolean => node !== null && node !== undefined;

function binary(body: unknown): string {
  const { tag } = variant(at(body, "op"));
  const level = levels.find((tags) => tags.includes(tag));
  const word = operators[tag] ?? tag.toUpperCase();
  const left = at(body, "left");
  const inner = variant(left);
  const isChain = inner.tag === "BinaryOp" && level?.includes(variant(at(inner.body, "op")).tag) === true;
  const before = isChain ? printed(left).slice(1, -1) : printed(left);
  return `(${before} ${word} ${printed(at(body, "right"))})`;
}

function order(terms: readonly unknown[]): string {
  return terms
    .map((term) => printed(at(term, "expr")) + (at(at(term, "options"), "asc") === false ? " DESC" : ""))
    .join(", ");
}

function window(node: unknown): string {
  const { tag, body } = variant(node);
  if (tag === "NamedWindow") return ` over(${nameOf(body)?.value})`;
  const partition = listAt(body, "partition_by");
  const terms = listAt(body, "order_by");
  const parts = [
    partition.length > 0 ? `by ${list(partition)}` : "",
    terms.length > 0 ? `order ${order(terms)}` : "",
    isSet(at(body, "window_frame")) ? "frame" : "",
  ];
  return ` over(${parts.filter((part) => part !== "").join("; ")})`;
}

function argument(node: unknown): string {
  const { tag, body } = variant(node);
  if (tag !== "Unnamed") {
    // A comparison as argument is taken for a named one.
    const name = nameOf(at(body, "name"));
    return name === undefined ? `(${printed(at(body, "name"))} = ${argument({ Unnamed: at(body, "arg") })})` : tag;
  }
  if (body === "Wildcard") return "*";
  const inner = variant(body);
  return inner.tag === "QualifiedWildcard" ? `${dotted(inner.body)}.*` : printed(inner.body);
}

function call(body: unknown): string {
  const args = variant(at(body, "args"));
  const name = dotted(at(body, "name")).toUpperCase();
  const isDistinct = at(args.body, "duplicate_treatment") === "Distinct";
  const shown = listAt(args.body, "args").map(argument);
  const inside = args.tag === "None" ? "" : `(${isDistinct ? "DISTINCT " : ""}${shown.join(", ")})`;
  const within = listAt(body, "within_group");
  const over = at(body, "over");
  return `${name}${inside}${within.length > 0 ? ` within(${order(within)})` : ""}${isSet(over) ? window(over) : ""}`;
}

function caseOf(body: unknown): string {
  const operand = at(body, "operand");
  const otherwise = at(body, "else_result");
  const arms = listAt(body, "conditions").map(
    (arm) => `${printed(at(arm, "condition"))} => ${printed(at(arm, "result"))}`,
  );
  if (isSet(otherwise)) arms.push(`else ${printed(otherwise)}`);
  return `case(${isSet(operand) ? `${printed(operand)}: ` : ""}${arms.join(" | ")})`;
}

function special(name: string, args: readonly unknown[]): string {
  return `${name}(${list(args.filter(isSet))})`;
}

type Print = (body: unknown) => string;

function not(body: unknown): string {
  return at(body, "negated") === true ? "NOT " : "";
}

function quantified(word: string): Print {
  return (body) => {
    const operator = operators[variant(at(body, "compare_op")).tag];
    return `(${printed(at(body, "left"))} ${operator} ${word} ${printed(at(body, "right"))})`;
  };
}

function pair(words: string): Print {
  return (body) => `(${(Array.isArray(body) ? body : []).map(printed).join(` ${words} `)})`;
}

const printers: Readonly<Record<string, Print>> = {
  Identifier: (body) => shownName(nameOf(body)?.value ?? ""),
  CompoundIdentifier: dotted,
  Value: value,
  Nested: (body) => `{${printed(body)}}`,
  BinaryOp: binary,
  UnaryOp: (body) => `(${unaryNames[variant(at(body, "op")).tag]}${printed(at(body, "expr"))})`,
  Case: caseOf,
  Cast: (body) => {
    const form = at(body, "kind") === "TryCast" ? "TRY_CAST" : "CAST";
    return `${form}(${printed(at(body, "expr"))} AS ${dataType(at(body, "data_type"))})`;
  },
  Convert: (body) => {
    const form = at(body, "is_try") === true ? "TRY_CONVERT" : "CONVERT";
    const style = listAt(body, "styles").map((one) => ` ${printed(one)}`);
    return `${form}(${printed(at(body, "expr"))} AS ${dataType(at(body, "data_type"))}${style.join("")})`;
  },
  Function: call,
  Subquery: printedQuery,
  Exists: (body) =>
    `${at(body, "negated") === true ? "(NOT " : ""}EXISTS ${printedQuery(at(body, "subquery"))}${at(body, "negated") === true ? ")" : ""}`,
  InSubquery: (body) => `(${printed(at(body, "expr"))} ${not(body)}IN ${printedQuery(at(body, "subquery"))})`,
  InList: (body) => `(${printed(at(body, "expr"))} ${not(body)}IN (${list(listAt(body, "list"))}))`,
  Between: (body) =>
    `(${printed(at(body, "expr"))} ${not(body)}BETWEEN ${printed(at(body, "low"))} AND ${printed(at(body, "high"))})`,
  Like: (body) => {
    const escape = at(body, "escape_char");
    const shown = isSet(escape) ? ` ESCAPE ${value(escape)}` : "";
    return `(${printed(at(body, "expr"))} ${not(body)}LIKE ${printed(at(body, "pattern"))}${shown})`;
  },
  IsNull: (body) => `(${printed(body)} IS NULL)`,
  IsNotNull: (body) => `(${printed(body)} IS NOT NULL)`,
  IsDistinctFrom: pair("IS DISTINCT FROM"),
  IsNotDistinctFrom: pair("IS NOT DISTINCT FROM"),
  AnyOp: quantified("ANY"),
  AllOp: quantified("ALL"),
  Collate: (body) => `(${printed(at(body, "expr"))} COLLATE ${dotted(at(body, "collation"))})`,
  AtTimeZone: (body) => `(${printed(at(body, "timestamp"))} AT ${printed(at(body, "time_zone"))})`,
  CompoundFieldAccess: (body) => {
    const calls = listAt(body, "access_chain").map((one) => `->${printed(at(one, "Dot"))}`);
    return printed(at(body, "root")) + calls.join("");
  },
  Substring: (body) => special("SUBSTRING", [at(body, "expr"), at(body, "substring_from"), at(body, "substring_for")]),
  Trim: (body) => special("TRIM", [at(body, "trim_what"), at(body, "expr")]),
  Floor: (body) => special("FLOOR", [at(body, "expr")]),
  Ceil: (body) => special("CEIL", [at(body, "expr")]),
};

/** An expression of the witness. */
function printed(node: unknown): string {
  const { tag, body } = variant(node);
  return printers[tag]?.(body) ?? `{${tag}}`;
}

function item(node: unknown): string {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Wildcard":
      return "*";
    case "QualifiedWildcard": {
      const target: unknown = Array.isArray(body) ? body[0] : undefined;
      return `${dotted(at(target, "ObjectName"))}.*`;
    }
    case "ExprWithAlias":
      return `${printed(at(body, "expr"))} as ${shownName(nameOf(at(body, "alias"))?.value ?? "")}`;
    default:
      return printed(body);
  }
}

function behind(node: unknown): string {
  const alias = at(node, "alias");
  const name = nameOf(at(alias, "name"));
  const columns = listAt(alias, "columns").map((column) => shownName(nameOf(at(column, "name"))?.value ?? ""));
  return (
    (name === undefined ? "" : ` ${shownName(name.value)}`) + (columns.length === 0 ? "" : `(${columns.join(", ")})`)
  );
}

function table(body: unknown): string {
  const args = at(body, "args");
  const hints = listAt(body, "with_hints").map((hint) => printed(hint).toUpperCase());
  const shown = hints.length === 0 ? "" : ` {${hints.join(", ")}}`;
  if (!isSet(args)) return `${dotted(at(body, "name"))}${behind(body)}${shown}`;
  return `${dotted(at(body, "name"))}(${listAt(args, "args").map(argument).join(", ")})${behind(body)}`;
}

function factor(node: unknown): string {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Table":
      return table(body);
    case "Derived":
      return `${printedQuery(at(body, "subquery"))}${behind(body)}`;
    case "NestedJoin":
      return source(at(body, "table_with_joins"));
    case "Pivot": {
      const values = listAt(at(body, "value_source"), "List").map((one) => printed(at(one, "expr")));
      const aggregate = printed(at(listAt(body, "aggregate_functions")[0], "expr"));
      const inside = `${aggregate} for ${list(listAt(body, "value_column"))} in ${values.join(", ")}`;
      return `${factor(at(body, "table"))} PIVOT(${inside})${behind(body)}`;
    }
    case "Unpivot": {
      const turned = listAt(body, "columns").map((column) => printed(at(column, "expr")));
      const inside = `${printed(at(body, "value"))} for ${nameOf(at(body, "name"))?.value} in ${turned.join(", ")}`;
      return `${factor(at(body, "table"))} UNPIVOT(${inside})${behind(body)}`;
    }
    case "OpenJsonTable": {
      const path = at(body, "json_path");
      const args = [printed(at(body, "json_expr")), ...(isSet(path) ? [value(path)] : [])];
      const fields = listAt(body, "columns").map(
        (column) =>
          `${shownName(nameOf(at(column, "name"))?.value ?? "")} ${dataType(at(column, "type")).replace(/\(.*/, "")}`,
      );
      const shown = fields.length === 0 ? "" : ` with(${fields.join(", ")})`;
      return `OPENJSON(${args.join(", ")})${shown}${behind(body)}`;
    }
    default:
      return `{${tag}}`;
  }
}

function source(node: unknown): string {
  const joins = listAt(node, "joins").map((join) => {
    const { tag, body } = variant(at(join, "join_operator"));
    const on = at(body, "On");
    return ` ${joinNames[tag] ?? tag} ${factor(at(join, "relation"))}${on === undefined ? "" : ` ON ${printed(on)}`}`;
  });
  const first = factor(at(node, "relation"));
  return joins.length === 0 ? first : `(${first}${joins.join("")})`;
}

function top(node: unknown): string {
  const { tag, body } = variant(at(node, "quantity"));
  const count = tag === "Constant" ? String(body) : `{${printed(body)}}`;
  const isPercent = at(node, "percent") === true;
  return `top ${count}${isPercent ? " percent" : ""}${at(node, "with_ties") === true ? " ties" : ""}:`;
}

function select(body: unknown): string {
  const group: unknown = variant(at(body, "group_by")).body;
  const terms: unknown[] = Array.isArray(group) && Array.isArray(group[0]) ? group[0] : [];
  const from = listAt(body, "from");
  const parts = [
    isSet(at(body, "distinct")) && at(body, "distinct") !== "All" ? "DISTINCT" : "",
    isSet(at(body, "top")) ? top(at(body, "top")) : "",
    listAt(body, "projection").map(item).join(", "),
    from.length === 0 ? "" : `from ${from.map(source).join(", ")}`,
    isSet(at(body, "selection")) ? `where ${printed(at(body, "selection"))}` : "",
    terms.length === 0 ? "" : `group ${list(terms)}`,
    isSet(at(body, "having")) ? `having ${printed(at(body, "having"))}` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function operatorName(body: unknown): string {
  const all = at(body, "set_quantifier") === "All" ? " ALL" : "";
  return `${String(at(body, "op")).toUpperCase()}${all}`;
}

function isTight(node: unknown): boolean {
  return at(node, "op") === "Intersect";
}

function branch(node: unknown): string {
  const { tag, body } = variant(node);
  return tag === "Query" ? printedQuery(body) : `<${bodyOf(node)}>`;
}

function bodyOf(node: unknown): string {
  const { tag, body } = variant(node);
  switch (tag) {
    case "Select":
      return select(body);
    case "Query":
      return printedQuery(body);
    case "SetOperation": {
      const left = at(body, "left");
      const inner = variant(left);
      const isChain = inner.tag === "SetOperation" && isTight(inner.body) === isTight(body);
      return `${isChain ? bodyOf(left) : branch(left)} ${operatorName(body)} ${branch(at(body, "right"))}`;
    }
    case "Values": {
      const rows = listAt(body, "rows").map((row) => `(${list(Array.isArray(row) ? row : listAt(row, "content"))})`);
      return `values ${rows.join(", ")}`;
    }
    default:
      return `{${tag}}`;
  }
}

/** A query of the witness, in `<…>`. */
export function printedQuery(node: unknown): string {
  const common = listAt(at(node, "with"), "cte_tables").map((one) => {
    const alias = at(one, "alias");
    const columns = listAt(alias, "columns").map((column) => nameOf(at(column, "name"))?.value);
    return `${nameOf(at(alias, "name"))?.value}${columns.length === 0 ? "" : `(${columns.join(", ")})`} ${printedQuery(at(one, "query"))}`;
  });
  const terms = listAt(at(at(node, "order_by"), "kind"), "Expressions");
  const offset = at(at(at(node, "limit_clause"), "LimitOffset"), "offset");
  const fetch = at(at(node, "fetch"), "quantity");
  const parts = [
    common.length === 0 ? "" : `with ${common.join(", ")}`,
    bodyOf(at(node, "body")),
    terms.length === 0 ? "" : `order ${order(terms)}`,
    isSet(offset) ? `offset ${printed(at(offset, "value"))}` : "",
    isSet(fetch) ? `fetch ${printed(fetch)}` : "",
    isSet(at(node, "for_clause")) ? forClause(at(node, "for_clause")) : "",
  ];
  return `<${parts.filter((part) => part !== "").join(" ")}>`;
}
