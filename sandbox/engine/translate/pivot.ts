import { fromValue } from "../convert/value.ts";
import { SqlError, unsupported } from "../values/sql-error.ts";
import type { SqlType } from "../types.ts";
import { argumentsOf } from "./aggregate-names.ts";
import { list, nameOf, node, partsOfName, variant, type Json, type Node } from "./ast.ts";
import type { Context, Reachable, Source } from "./model.ts";
import { signature } from "./expr.ts";
import { translateQuery } from "./query.ts";
import { knownParts } from "./known-parts.ts";
import { aliasOf, relationSource, type Joined } from "./source.ts";
import { writtenCall, writtenCase, writtenColumn, writtenName, writtenSelect, writtenText } from "./written.ts";

/** The columns PIVOT and UNPIVOT work on: those of one table or derived table. */
function columnsOf({ sources }: Joined, construct: string): Reachable[] {
  const [only, ...more] = sources;
  if (only === undefined || more.length > 0) return unsupported(`${construct} of a join`);
  return only.columns.filter(({ isHidden }) => isHidden !== true);
}

function columnNamed(columns: readonly Reachable[], name: string): Reachable {
  const column = columns.find((own) => own.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) throw new SqlError(`Invalid column name '${name}'.`);
  return column;
}

function plainColumn(json: Json | undefined, construct: string): string {
  const { name, body } = variant(json);
  if (name === "Identifier") return nameOf(body);
  return name === "CompoundIdentifier" ? nameOf(list(body).at(-1)) : unsupported(`${construct} of an expression`);
}

function sourceOf(context: Context, query: Json, alias: { name: string; columns: string[] } | undefined): Source {
  if (alias === undefined) throw new SqlError("Incorrect syntax near ')'.");
  const { grouped: _grouped, ...around } = context;
  return relationSource(context, translateQuery(around, query), alias.name, alias.columns);
}

/** The pivoted values are names of columns; each must be a value of the pivot column's type. */
function checkValue(value: string, type: SqlType): void {
  try {
    fromValue(type)(value);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SqlError(`The incorrect value "${value}" is supplied in the PIVOT operator.`);
  }
}

const pivotParts = ["table", "aggregate_functions", "value_column", "value_source", "alias"];
const pivotAggregates = new Set(["sum", "avg", "min", "max", "count", "count_big", "stdev", "stdevp", "var", "varp"]);

/** PIVOT with its values written out: an aggregate of CASE for each, grouped by all columns it does not name. */
export function translatePivot(context: Context, parts: Node, inner: (json: Json) => Joined): Source {
  knownParts(parts, pivotParts, "PIVOT");
  const columns = columnsOf(inner(parts["table"] ?? null), "PIVOT");
  const [aggregate, ...more] = list(parts["aggregate_functions"]).map((item) => node(item)["expr"] ?? null);
  const { name: kind, body } = variant(aggregate);
  const name = (partsOfName(node(body)["name"]).at(-1) ?? "").toLowerCase();
  const [argument] = argumentsOf(node(body));
  if (kind !== "Function" || more.length > 0 || !pivotAggregates.has(name) || argument === undefined)
    return unsupported("PIVOT with anything but one aggregate of one column");
  const value = columnNamed(columns, plainColumn(argument, "PIVOT"));
  const pivot = columnNamed(columns, plainColumn(list(parts["value_column"])[0], "PIVOT"));
  const { name: source, body: values } = variant(parts["value_source"]);
  if (source !== "List") return unsupported("PIVOT without a list of columns");
  const groups = columns.filter((column) => column !== value && column !== pivot).map((column) => column.name);
  const pivoted = list(values).map((item) => {
    const wanted = plainColumn(node(item)["expr"], "PIVOT");
    checkValue(wanted, pivot.type);
    const chosen = writtenCase(writtenName(pivot.name), writtenText(wanted), writtenName(value.name));
    return writtenColumn(writtenCall(name, chosen), wanted);
  });
  const grouped = groups.map(writtenName);
  const select = writtenSelect({
    columns: [...grouped.map((expr) => ({ UnnamedExpr: expr })), ...pivoted],
    relation: parts["table"] ?? null,
    groups: grouped,
  });
  return sourceOf(context, { body: select }, aliasOf(parts["alias"]));
}

const unpivotParts = ["table", "value", "name", "columns", "alias"];

/** UNPIVOT: one branch of a UNION ALL for each column, without its NULLs. */
export function translateUnpivot(context: Context, parts: Node, inner: (json: Json) => Joined): Source {
  knownParts(parts, unpivotParts, "UNPIVOT");
  const columns = columnsOf(inner(parts["table"] ?? null), "UNPIVOT");
  if (context.state.isVolatile) return unsupported("UNPIVOT over NEWID() or RAND()");
  const turned = list(parts["columns"]).map((item) => columnNamed(columns, plainColumn(node(item)["expr"], "UNPIVOT")));
  const [first] = turned;
  const odd = turned.find(({ type }) => signature(type) !== signature(first?.type ?? type));
  if (first === undefined) throw new SqlError("Incorrect syntax near ')'.");
  if (odd !== undefined)
    throw new SqlError(
      `The type of column "${odd.name}" conflicts with the type of other columns specified in the UNPIVOT list.`,
    );
  const kept = columns
    .filter((column) => !turned.includes(column))
    .map(({ name }) => ({ UnnamedExpr: writtenName(name) }));
  const [value, name] = [plainColumn(parts["value"], "UNPIVOT"), nameOf(parts["name"])];
  const body = turned
    .map((column) =>
      writtenSelect({
        columns: [
          ...kept,
          writtenColumn(writtenName(column.name), value),
          writtenColumn(writtenText(column.name), name),
        ],
        relation: parts["table"] ?? null,
        where: { IsNotNull: writtenName(column.name) },
      }),
    )
    .reduce((left, right) => ({ SetOperation: { left, op: "Union", set_quantifier: "All", right } }));
  // The order of its two columns in SQL Server is not certain.
  return { ...sourceOf(context, { body }, aliasOf(parts["alias"])), refusesStar: "SELECT * over UNPIVOT" };
}
