import {
  agreed,
  bigint,
  chosen,
  decimal,
  fedBy,
  float,
  int,
  nullType,
  unknownType,
  type SqlType,
} from "../types/sql-type.ts";
import type { Call, Family } from "./call.ts";

function first(call: Call): SqlType {
  return chosen(call.types[0] ?? nullType);
}

/** SUM keeps int and bigint, gives decimals 38 digits, and reads the rest as float. */
function summed(call: Call): SqlType {
  const type = first(call);
  if (type.kind === "int") return type.digits > 10 ? bigint : int;
  if (type.kind === "bit") return int;
  if (type.kind === "decimal") return decimal(38, type.scale);
  return type.kind === "unknown" ? type : float;
}

/** AVG of decimals has at least six decimals. */
function averaged(call: Call): SqlType {
  const type = summed(call);
  return type.kind === "decimal" ? decimal(38, Math.max(type.scale, 6)) : type;
}

/** LAG and LEAD give the column of another row, or their default: the column's type, in a zone that both are in. */
function shifted(call: Call): SqlType {
  const type = first(call);
  const other = call.types[2];
  if (other === undefined) return type;
  return fedBy([type, other], type.kind === "date" ? agreed(type, other) : type);
}

const toFloat = (): SqlType => float;

/** Aggregate and window functions. Sources: learn.microsoft.com, "Aggregate functions" and "Analytic functions (Transact-SQL)". */
export const aggregateFunctions: Family = {
  COUNT: () => int,
  COUNT_BIG: () => bigint,
  APPROX_COUNT_DISTINCT: () => bigint,
  SUM: summed,
  AVG: averaged,
  MIN: first,
  MAX: first,
  STDEV: toFloat,
  STDEVP: toFloat,
  VAR: toFloat,
  VARP: toFloat,
  CHECKSUM_AGG: () => int,
  GROUPING: () => ({ kind: "int", digits: 3 }),
  GROUPING_ID: () => int,
  // The ranking functions are bigint in T-SQL, but count rows of one result: MCE people keep them in Number fields.
  ROW_NUMBER: () => int,
  RANK: () => int,
  DENSE_RANK: () => int,
  NTILE: () => int,
  PERCENT_RANK: toFloat,
  CUME_DIST: toFloat,
  PERCENTILE_CONT: toFloat,
  // One of the sorted values, whatever their type.
  PERCENTILE_DISC: ({ within }) => within ?? unknownType,
  LAG: shifted,
  LEAD: shifted,
  FIRST_VALUE: first,
  LAST_VALUE: first,
};

/** The functions that make one value of many rows. */
export const aggregateNames: ReadonlySet<string> = new Set([
  "COUNT",
  "COUNT_BIG",
  "APPROX_COUNT_DISTINCT",
  "SUM",
  "AVG",
  "MIN",
  "MAX",
  "STDEV",
  "STDEVP",
  "VAR",
  "VARP",
  "CHECKSUM_AGG",
  "STRING_AGG",
  "GROUPING",
  "GROUPING_ID",
]);
