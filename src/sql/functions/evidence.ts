/** What is known of a function in MCE: `usual`, `disputed` among references, `newer` than its database, or `foreign` to it. */
export type Evidence = "usual" | "disputed" | "newer" | "foreign";

/** Functions of which references disagree whether MCE has them (MCE 8.2). */
const disputed = new Set(["STRING_SPLIT", "JSON_MODIFY", "OPENJSON", "ISJSON", "TRY_CONVERT", "TRY_CAST", "TRY_PARSE"]);

/** Functions newer than SQL Server 2019, which MCE behaves like at most (MCE 8.2). */
const newer = new Set(["GREATEST", "LEAST", "DATETRUNC", "DATE_BUCKET", "GENERATE_SERIES", "APPROX_PERCENTILE_CONT"]);

/** Functions we can type although T-SQL has another name for each. */
const foreign = new Set(["CEIL", "POSITION"]);

/** Whether MCE has a function, by its upper-cased name. */
export function evidenceOf(name: string): Evidence {
  if (disputed.has(name)) return "disputed";
  if (newer.has(name)) return "newer";
  return foreign.has(name) ? "foreign" : "usual";
}
