import { SqlError, unsupported } from "../values/sql-error.ts";
import { text, typeName, type SqlType, type Stored } from "../types.ts";
import { printerOf } from "../convert/to-text.ts";
import { node, variant, word, type Json } from "./ast.ts";
import { freshAlias } from "./fresh-alias.ts";
import type { Context } from "./model.ts";
import { call, signature } from "./expr.ts";
import { noKeys, type OutColumn, type Relation } from "./relation.ts";

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#x0D;");
}

function printed(type: SqlType): (value: Stored) => string {
  if (type.kind === "float" || type.kind === "binary") return unsupported(`FOR XML of ${typeName(type)}`);
  const style = type.kind === "moment" || type.kind === "time" || type.kind === "offset" ? 126 : undefined;
  const print = printerOf(type, style);
  return (value) => {
    if (value === null) return "";
    const own = print(value);
    return type.kind === "xml" ? own : escapeXml(own);
  };
}

function element(column: OutColumn): (value: Stored) => string {
  const { name, type } = column;
  const print = printed(type);
  if (name === undefined || name === "text()" || name === "*" || name === "node()") return print;
  if (/^[A-Za-z_][\w.-]*$/.test(name)) return (value) => (value === null ? "" : `<${name}>${print(value)}</${name}>`);
  return unsupported(`FOR XML PATH with the column name '${name}'`);
}

/** FOR XML PATH('…') over a query: one row with one text; NULL when the query gives no row. */
export function xmlRelation(context: Context, relation: Relation, json: Json): Relation {
  const { name, body } = variant(json);
  const parts = node(body);
  const { name: mode, body: path } = variant(parts["for_xml"]);
  if (name !== "Xml" || mode !== "Path")
    return unsupported(`FOR ${name === "Xml" ? `XML ${mode.toUpperCase()}` : name.toUpperCase()}`);
  if (parts["root"] || parts["elements"] || parts["binary_base64"])
    return unsupported("FOR XML PATH with ROOT or ELEMENTS");
  const wrapper = word(path) ?? "row";
  const elements = relation.columns.map(element);
  const key = `xml ${wrapper} ${relation.columns.map((column) => `${column.name ?? ""}:${signature(column.type)}`).join(" ")}`;
  const row = call(
    context,
    key,
    () =>
      (...values) => {
        const inner = elements.map((print, at) => print(values[at] ?? null)).join("");
        return wrapper === "" ? inner : inner === "" ? `<${wrapper}/>` : `<${wrapper}>${inner}</${wrapper}>`;
      },
    relation.columns.map((_column, at) => `x.c${at}`),
  );
  const joined = context.runtime.functions.aggregate<string[]>("xml join", () => ({
    start: () => [],
    step: (state, value = null) => (state.push(String(value)), state),
    result: (state) => (state.length === 0 ? null : state.join("")),
  }));
  const type: SqlType = parts["type"] === true ? { kind: "xml" } : text("max", true);
  const alias = freshAlias(context, "x");
  return {
    columns: [{ type }],
    isSingleRow: true,
    isVolatile: relation.isVolatile,
    // LIMIT keeps SQLite from flattening the inner query, which would lose its order.
    print: () =>
      `SELECT ${joined}(${alias}.v) AS c0 FROM (SELECT ${row} AS v FROM (${relation.print(noKeys)}) AS x LIMIT -1) AS ${alias}`,
  };
}

/** `.value('.', type)` of an XML text without elements of its own: the text with its entities read. */
export function xmlText(value: Stored): Stored {
  if (value === null) return null;
  const bare = String(value).replaceAll(/<[^>]*>/g, "");
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return bare.replaceAll(
    /&(?:#x([0-9A-Fa-f]+)|(\w+));/g,
    (whole: string, hex: string | undefined, name: string | undefined) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      const char = entities[name ?? ""];
      if (char === undefined) throw new SqlError(`XML parsing: illegal entity ${whole}`);
      return char;
    },
  );
}
