import type { Stored } from "../types.ts";
import { createIndexes, type IndexRequest } from "../store/indexes.ts";
import { noKeys, type Relation } from "../translate/relation.ts";
import { SqlError, Unsupported } from "../values/sql-error.ts";
import type { Runtime } from "./runtime.ts";

function asNumber(value: Stored): Stored {
  return typeof value === "bigint" && value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n
    ? Number(value)
    : value;
}

/** SQLite's own failures: an overflow of its integers is SQL Server's too, anything else is a limit of the sandbox. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SqlError || error instanceof Unsupported) return error;
  if (!("code" in error) || error.code !== "ERR_SQLITE_ERROR") return error;
  if (error.message === "integer overflow")
    return new SqlError("Arithmetic overflow error converting expression to data type bigint.");
  return new Unsupported(`The sandbox cannot run this query: ${error.message}.`);
}

/** The rows of a translated query, in stored form. Throws SqlError and Unsupported. */
export function execute(
  { db, functions }: Runtime,
  { relation, indexRequests }: { relation: Relation; indexRequests: readonly IndexRequest[] },
): Stored[][] {
  createIndexes(db, indexRequests);
  functions.takeFailure();
  try {
    const statement = db.prepare(relation.print(noKeys));
    statement.setReturnArrays(true);
    const isBig = relation.columns.some(({ type }) => type.kind === "int" && type.size === "bigint");
    statement.setReadBigInts(isBig);
    // With `setReturnArrays` each row is an array; `all` returns undefined when an aggregate has thrown.
    const rows = statement.all() as unknown as Stored[][] | undefined;
    const failure = functions.takeFailure();
    if (failure !== undefined) throw failure;
    if (rows === undefined) throw new Unsupported("The sandbox cannot run this query: SQLite gave no answer.");
    return isBig ? rows.map((row) => row.map(asNumber)) : rows;
  } catch (error) {
    throw translated(functions.takeFailure() ?? error);
  }
}
