import { SqlError, unsupported } from "../../values/sql-error.ts";
import { text } from "../../types.ts";
import { argumentsOf, aggregateNames } from "../aggregate-names.ts";
import { list, node, partsOfName, variant, word, type Json, type Node } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { translate } from "../expression.ts";
import { windowFunctions } from "./windows.ts";
import { castTo } from "../conversion.ts";
import { xmlText } from "../xml.ts";
import { translateAggregate } from "./aggregates.ts";
import { plain, strict, type Builder } from "./builder.ts";
import { dateMakingFunctions } from "./date-making.ts";
import { dateFunctions } from "./dates.ts";
import { translateFormat } from "./format.ts";
import { logicFunctions } from "./logic.ts";
import { numberTextFunctions } from "./number-texts.ts";
import { numberFunctions, wholeOf } from "./numbers.ts";
import { characterFunctions } from "./characters.ts";
import { searchFunctions } from "./searches.ts";
import { sliceFunctions, substring, trimmed } from "./slices.ts";
import { stringFunctions } from "./strings.ts";
import { zoneFunctions } from "./zones.ts";

const scalar = new Map<string, Builder>(
  Object.entries({
    ...stringFunctions,
    ...sliceFunctions,
    ...searchFunctions,
    ...characterFunctions,
    ...dateFunctions,
    ...dateMakingFunctions,
    ...numberFunctions,
    ...numberTextFunctions,
    ...logicFunctions,
    ...zoneFunctions,
    format: translateFormat,
  }),
);
const windowed = new Map<string, Builder>(Object.entries(windowFunctions));

/** T-SQL functions that the sandbox does not run. */
const unbuilt = new Set(
  "binary_checksum soundex difference parse try_parse json_query isjson json_modify percentile_cont percentile_disc  degrees radians timefromparts datetime2fromparts datetimeoffsetfromparts string_escape formatmessage cast convert compress decompress checksum_agg approx_count_distinct newsequentialid rowcount_big isjson host_name user_name current_user session_user suser_sname db_name object_id".split(
    " ",
  ),
);

/** Translates a function call. Throws SQL Server's error for an unknown name. */
export function translateFunction(context: Context, body: Node): Expr {
  const parts = partsOfName(body["name"]);
  const name = (parts.at(-1) ?? "").toLowerCase();
  if (parts.length > 1)
    throw new SqlError(
      `Cannot find either column "${parts[0] ?? ""}" or the user-defined function or aggregate "${parts.join(".")}", or the name is ambiguous.`,
    );
  const written = { name, args: argumentsOf(body), body };
  if (aggregateNames.has(name)) return translateAggregate(context, written);
  const window = windowed.get(name);
  if (window !== undefined) return window(context, written);
  const builder = scalar.get(name);
  if (builder === undefined) {
    if (unbuilt.has(name)) return unsupported(`the function ${name.toUpperCase()}`);
    throw new SqlError(`'${parts[0] ?? ""}' is not a recognized built-in function name.`);
  }
  plain(written);
  return builder(context, written);
}

/** Translates the functions that have their own nodes in the parser's tree. */
export function translateSpecial(context: Context, name: string, body: Node): Expr {
  const value = (part: string): Expr => translate(context, body[part] ?? null);
  switch (name) {
    case "Substring": {
      if (body["substring_from"] === null || body["substring_for"] === null)
        throw new SqlError("The substring function requires 3 argument(s).");
      if (body["special"] !== true) throw new SqlError("Incorrect syntax near the keyword 'FROM'.");
      return substring(context, value("expr"), value("substring_from"), value("substring_for"));
    }
    case "Trim": {
      if (list(body["trim_characters"]).length > 0) return unsupported("TRIM with a list of characters");
      const side = (word(body["trim_where"]) ?? "Both").toLowerCase();
      const chars = body["trim_what"];
      return trimmed(
        context,
        value("expr"),
        side === "leading" ? "left" : side === "trailing" ? "right" : "both",
        chars === null || chars === undefined ? undefined : translate(context, chars),
      );
    }
    case "Ceil":
      throw new SqlError("'CEIL' is not a recognized built-in function name.");
    case "Floor":
      return wholeOf(context, value("expr"), "floor");
    case "CompoundFieldAccess":
      return fieldAccess(context, body);
    default:
      return unsupported(`the expression ${name}`);
  }
}

/** `(… FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)')`. */
function fieldAccess(context: Context, body: Node): Expr {
  const root = translate(context, body["root"] ?? null);
  const [access, ...more] = list(body["access_chain"]);
  const { name, body: call } = variant(variant(access).body);
  const method = (partsOfName(node(call)["name"]).at(-1) ?? "").toLowerCase();
  if (root.type.kind !== "xml" || more.length > 0 || name !== "Function" || method !== "value")
    return unsupported("a method call");
  const [path, type] = argumentsOf(node(call)).map((argument) => literalText(argument));
  if (!/^\(?\.?\/?(text\(\))?\)?(\[1\])?$/.test(path ?? "?")) return unsupported(`the XML path '${path ?? ""}'`);
  const match = /^n?varchar\((max|\d+)\)$/i.exec(type ?? "");
  if (match === null) return unsupported(`.value() as ${type ?? "nothing"}`);
  const length = match[1]?.toLowerCase() === "max" ? "max" : Number(match[1]);
  const read = strict(context, "xml value", [root], text("max", true), xmlText);
  return castTo(context, read, text(length, /^n/i.test(type ?? "")), false);
}

function literalText(json: Json): string | undefined {
  return word(variant(node(variant(json).body)["value"]).body);
}
