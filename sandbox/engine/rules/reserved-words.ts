import { nameOf, node, type Json } from "../translate/ast.ts";

/**
 * T-SQL's reserved words, which are names only in brackets.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/reserved-keywords-transact-sql (SQL Server's own list)
 */
const reserved = new Set(
  `ADD ALL ALTER AND ANY AS ASC AUTHORIZATION BACKUP BEGIN BETWEEN BREAK BROWSE BULK BY CASCADE CASE CHECK CHECKPOINT CLOSE
  CLUSTERED COALESCE COLLATE COLUMN COMMIT COMPUTE CONSTRAINT CONTAINS CONTAINSTABLE CONTINUE CONVERT CREATE CROSS CURRENT
  CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASE DBCC DEALLOCATE DECLARE DEFAULT DELETE DENY DESC
  DISK DISTINCT DISTRIBUTED DOUBLE DROP DUMP ELSE END ERRLVL ESCAPE EXCEPT EXEC EXECUTE EXISTS EXIT EXTERNAL FETCH FILE
  FILLFACTOR FOR FOREIGN FREETEXT FREETEXTTABLE FROM FULL FUNCTION GOTO GRANT GROUP HAVING HOLDLOCK IDENTITY IDENTITY_INSERT
  IDENTITYCOL IF IN INDEX INNER INSERT INTERSECT INTO IS JOIN KEY KILL LEFT LIKE LINENO LOAD MERGE NATIONAL NOCHECK
  NONCLUSTERED NOT NULL NULLIF OF OFF OFFSETS ON OPEN OPENDATASOURCE OPENQUERY OPENROWSET OPENXML OPTION OR ORDER OUTER OVER
  PERCENT PIVOT PLAN PRECISION PRIMARY PRINT PROC PROCEDURE PUBLIC RAISERROR READ READTEXT RECONFIGURE REFERENCES REPLICATION
  RESTORE RESTRICT RETURN REVERT REVOKE RIGHT ROLLBACK ROWCOUNT ROWGUIDCOL RULE SAVE SCHEMA SECURITYAUDIT SELECT
  SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYDETAILSTABLE SEMANTICSIMILARITYTABLE SESSION_USER SET SETUSER SHUTDOWN SOME
  STATISTICS SYSTEM_USER TABLE TABLESAMPLE TEXTSIZE THEN TO TOP TRAN TRANSACTION TRIGGER TRUNCATE TRY_CONVERT TSEQUAL UNION
  UNIQUE UNPIVOT UPDATE UPDATETEXT USE USER VALUES VARYING VIEW WAITFOR WHEN WHERE WHILE WITH WRITETEXT`.split(/\s+/),
);

/** Reserved words that are functions, with or without parentheses. */
const functions = new Set(["COALESCE", "CONVERT", "LEFT", "NULLIF", "RIGHT", "TRY_CONVERT", "CURRENT_TIMESTAMP"]);
const functionsWithoutBrackets = new Set(["CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER"]);

/** Parts of the tree whose identifiers are not names of the query. */
const skipped = new Set(["data_type", "with_hints", "collation", "select_token", "span"]);

/** Whether a word is one of T-SQL's reserved ones. */
export function isReserved(word: string): boolean {
  return reserved.has(word.toUpperCase());
}

/** SQL Server's error for a text that is wrong at a word or sign. */
export function nearWord(word: string): string {
  return `Incorrect syntax near ${isReserved(word) ? "the keyword " : ""}'${word}'.`;
}

/** Whether an identifier is USER or a similar word: T-SQL calls the function, even where a column has its name. */
export function isUserFunction(identifier: Json): boolean {
  const isBare = node(identifier)["quote_style"] === null;
  return isBare && functionsWithoutBrackets.has(nameOf(identifier).toUpperCase());
}

type Found = { word: string; line: number; column: number };

/** The first reserved word of a query's tree that stands as a name without brackets, as it is written. */
export function reservedName(query: Json): string | undefined {
  const found: Found[] = [];
  const waiting: { json: Json; key: string; isCall: boolean }[] = [{ json: query, key: "", isCall: false }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { json, key, isCall } = at;
    if (Array.isArray(json)) {
      for (const item of json) waiting.push({ json: item, key, isCall });
      continue;
    }
    const parts = node(json);
    // Identifiers have a place of their own; the grammar's own words have none.
    const name = parts["quote_style"] === null && parts["span"] !== undefined ? parts["value"] : undefined;
    if (typeof name === "string" && isReserved(name) && !isFine(name, key, isCall)) found.push(place(name, parts));
    for (const [inner, child] of Object.entries(parts)) {
      if (skipped.has(inner) || child === null || typeof child !== "object") continue;
      // An Identifier keeps the part of the tree it stands in: a name, or a value.
      const place = inner === "Identifier" ? key : inner;
      waiting.push({
        json: child,
        key: place,
        isCall: key === "Function" ? inner === "name" : isCall && inner === "Identifier",
      });
    }
  }
  return found.toSorted((a, b) => a.line - b.line || a.column - b.column)[0]?.word;
}

function isFine(name: string, key: string, isCall: boolean): boolean {
  const word = name.toUpperCase();
  if (isCall) return functions.has(word);
  const isName = key === "name" || key === "alias" || key === "CompoundIdentifier";
  return !isName && functionsWithoutBrackets.has(word);
}

function place(word: string, parts: { [key: string]: Json }): Found {
  const start = node(node(parts["span"])["start"]);
  return { word, line: Number(start["line"] ?? 0), column: Number(start["column"] ?? 0) };
}
