/**
 * Functions of T-SQL whose results are not typed here: hardly a query needs them, but none of them is another one misspelt.
 *
 * @see https://learn.microsoft.com/sql/t-sql/functions/functions
 */
const untyped: ReadonlySet<string> = new Set(
  (
    "APP_NAME COMPRESS CONTAINS CURRENT_TIMEZONE CURRENT_TIMEZONE_ID DB_ID DECOMPRESS FREETEXT HOST_ID JSON_ARRAY JSON_OBJECT " +
    "JSON_PATH_EXISTS NEWSEQUENTIALID OBJECT_ID OBJECT_NAME ROWCOUNT_BIG SCHEMA_NAME SERVERPROPERTY SQL_VARIANT_PROPERTY " +
    "SUSER_ID SUSER_NAME SUSER_SID TYPE_NAME USER_ID"
  ).split(" "),
);

/** Whether T-SQL has a function of this upper-cased name that is not typed here. */
export function isUntyped(name: string): boolean {
  return untyped.has(name);
}
