/**
 * The words T-SQL keeps to itself: none of them is a name unless it stands in brackets or quotes.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/reserved-keywords-transact-sql
 */
const reserved: ReadonlySet<string> = new Set(
  (
    "ADD ALL ALTER AND ANY AS ASC AUTHORIZATION BACKUP BEGIN BETWEEN BREAK BROWSE BULK BY CASCADE CASE CHECK CHECKPOINT " +
    "CLOSE CLUSTERED COALESCE COLLATE COLUMN COMMIT COMPUTE CONSTRAINT CONTAINS CONTAINSTABLE CONTINUE CONVERT CREATE " +
    "CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASE DBCC DEALLOCATE DECLARE " +
    "DEFAULT DELETE DENY DESC DISK DISTINCT DISTRIBUTED DOUBLE DROP DUMP ELSE END ERRLVL ESCAPE EXCEPT EXEC EXECUTE " +
    "EXISTS EXIT EXTERNAL FETCH FILE FILLFACTOR FOR FOREIGN FREETEXT FREETEXTTABLE FROM FULL FUNCTION GOTO GRANT GROUP " +
    "HAVING HOLDLOCK IDENTITY IDENTITY_INSERT IDENTITYCOL IF IN INDEX INNER INSERT INTERSECT INTO IS JOIN KEY KILL LEFT " +
    "LIKE LINENO LOAD MERGE NATIONAL NOCHECK NONCLUSTERED NOT NULL NULLIF OF OFF OFFSETS ON OPEN OPENDATASOURCE " +
    "OPENQUERY OPENROWSET OPENXML OPTION OR ORDER OUTER OVER PERCENT PIVOT PLAN PRECISION PRIMARY PRINT PROC PROCEDURE " +
    "PUBLIC RAISERROR READ READTEXT RECONFIGURE REFERENCES REPLICATION RESTORE RESTRICT RETURN REVERT REVOKE RIGHT " +
    "ROLLBACK ROWCOUNT ROWGUIDCOL RULE SAVE SCHEMA SECURITYAUDIT SELECT SEMANTICKEYPHRASETABLE " +
    "SEMANTICSIMILARITYDETAILSTABLE SEMANTICSIMILARITYTABLE SESSION_USER SET SETUSER SHUTDOWN SOME STATISTICS " +
    "SYSTEM_USER TABLE TABLESAMPLE TEXTSIZE THEN TO TOP TRAN TRANSACTION TRIGGER TRUNCATE TRY_CONVERT TSEQUAL UNION " +
    "UNIQUE UNPIVOT UPDATE UPDATETEXT USE USER VALUES VARYING VIEW WAITFOR WHEN WHERE WHILE WITH WRITETEXT"
  ).split(" "),
);

/** Words at which a clause of a query begins, or another query. */
const clauseWords: ReadonlySet<string> = new Set(
  "SELECT FROM WHERE GROUP HAVING ORDER UNION EXCEPT INTERSECT FOR OPTION INTO".split(" "),
);

/** Words at which a join or its condition begins. */
export const joinWords: ReadonlySet<string> = new Set("JOIN INNER LEFT RIGHT FULL CROSS OUTER ON".split(" "));

/** Words that hold a query together: not even a broken text uses them as names. */
const structural: ReadonlySet<string> = new Set([
  ...clauseWords,
  ...joinWords,
  ...(
    "AND OR NOT IN LIKE BETWEEN IS NULL CASE WHEN THEN ELSE END AS BY ASC DESC TOP DISTINCT ALL ANY SOME EXISTS WITH " +
    "VALUES ESCAPE COLLATE OVER PIVOT UNPIVOT TABLESAMPLE FETCH MERGE INSERT UPDATE DELETE SET DECLARE EXEC EXECUTE " +
    "CREATE ALTER DROP TRUNCATE"
  ).split(" "),
]);

/** Whether an upper-cased word is reserved. */
export function isReserved(word: string): boolean {
  return reserved.has(word);
}

/** Whether a clause, or another query, begins at an upper-cased word. */
export function isClauseWord(word: string): boolean {
  return clauseWords.has(word);
}

/** Whether an upper-cased word is no name even where a name is wanted and the text is broken. */
export function isStructural(word: string): boolean {
  return structural.has(word);
}
