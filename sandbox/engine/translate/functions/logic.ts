import { createHash, randomInt, randomUUID } from "node:crypto";
import { SqlError, unsupported } from "../../values/sql-error.ts";
import { int } from "../../types.ts";
import { node, partsOfName, variant } from "../ast.ts";
import type { Context, Expr } from "../model.ts";
import { call, implicit } from "../expr.ts";
import { predicate } from "../predicate.ts";
import { unified } from "../case.ts";
import { met } from "../meet.ts";
import { jsonValue } from "./json.ts";
import { argument, expectArguments, intArgument, strict, textArgument, type Builder, type Call } from "./builder.ts";

/** ISNULL takes type and length of its first argument, so that a longer second one is cut. */
function isNull(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const [value, otherwise] = [argument(context, written, 0), argument(context, written, 1)];
  if (value.type.kind === "null") return otherwise.type.kind === "null" ? { sql: "NULL", type: int } : otherwise;
  return { sql: `ifnull(${value.sql}, ${implicit(context, otherwise, value.type).sql})`, type: value.type };
}

function coalesce(context: Context, written: Call): Expr {
  expectArguments(written, 2, 1000);
  const values = written.args.map((_arg, at) => argument(context, written, at));
  if (values.every(({ type }) => type.kind === "null"))
    throw new SqlError(
      "At least one of the arguments to COALESCE must be an expression that is not the NULL constant.",
    );
  const { type, sqls } = unified(context, values);
  return { sql: `coalesce(${sqls.join(", ")})`, type };
}

function iif(context: Context, written: Call): Expr {
  expectArguments(written, 3);
  const values = [argument(context, written, 1), argument(context, written, 2)];
  if (values.every(({ type, constant }) => type.kind === "null" && constant === null)) {
    throw new SqlError(
      "At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.",
    );
  }
  const { type, sqls } = unified(context, values);
  return {
    sql: `(CASE WHEN ${predicate(context, written.args[0] ?? null)} THEN ${sqls[0] ?? "NULL"} ELSE ${sqls[1] ?? "NULL"} END)`,
    type,
  };
}

function nullIf(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const [value, other] = [argument(context, written, 0), argument(context, written, 1)];
  if (value.type.kind === "null")
    throw new SqlError(
      "The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.",
    );
  const [a = "", b = ""] = met(context, [value, other]);
  return { sql: `(CASE WHEN ${a} = ${b} THEN NULL ELSE ${value.sql} END)`, type: value.type };
}

function choose(context: Context, written: Call): Expr {
  expectArguments(written, 2, 255);
  const index = intArgument(context, written, 0);
  const { type, sqls } = unified(
    context,
    written.args.slice(1).map((_arg, at) => argument(context, written, at + 1)),
  );
  return { sql: `(CASE ${index.sql} ${sqls.map((sql, at) => `WHEN ${at + 1} THEN ${sql}`).join(" ")} END)`, type };
}

function newId(context: Context, written: Call): Expr {
  expectArguments(written, 0);
  context.state.isVolatile = true;
  return { sql: call(context, "newid", () => () => randomUUID().toUpperCase(), [], true), type: { kind: "guid" } };
}

/** CHECKSUM runs only for NEWID(), where the result is a random number with any formula. */
function checksum(context: Context, { args }: Call): Expr {
  const [only, ...more] = args.map((arg) => variant(arg));
  const inner = (partsOfName(node(only?.body)["name"]).at(-1) ?? "").toLowerCase();
  if (only?.name !== "Function" || inner !== "newid" || more.length > 0)
    return unsupported("CHECKSUM of anything but NEWID()");
  context.state.isVolatile = true;
  return { sql: call(context, "checksum", () => () => randomInt(-2_147_483_648, 2_147_483_647), [], true), type: int };
}

const algorithms: Record<string, string> = {
  md5: "md5",
  sha: "sha1",
  sha1: "sha1",
  sha2_256: "sha256",
  sha2_512: "sha512",
};

function hashBytes(context: Context, written: Call): Expr {
  expectArguments(written, 2);
  const [algorithm, value] = [textArgument(context, written, 0), textArgument(context, written, 1)];
  const name = algorithms[String(algorithm.constant ?? "").toLowerCase()];
  if (name === undefined)
    return unsupported(`HASHBYTES with the algorithm ${String(algorithm.constant ?? "of an expression")}`);
  const unicode = value.type.kind === "text" && value.type.unicode;
  return strict(context, `hash ${name}`, [value], { kind: "binary", length: 8000 }, (given) => {
    // Only what is the same in Windows-1252 and ASCII has one certain varchar form.
    if (!unicode && /\P{ASCII}/u.test(String(given))) return unsupported("HASHBYTES of a varchar beyond ASCII");
    return createHash(name)
      .update(Buffer.from(String(given), unicode ? "utf16le" : "latin1"))
      .digest();
  });
}

/** Functions that choose or make a value, by lower-cased name. */
export const logicFunctions: Record<string, Builder> = {
  isnull: isNull,
  coalesce,
  iif,
  nullif: nullIf,
  choose,
  newid: newId,
  checksum,
  hashbytes: hashBytes,
  json_value: jsonValue,
};
