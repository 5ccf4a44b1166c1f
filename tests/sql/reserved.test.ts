import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { readGuarded } from "#sql/query.ts";

/** T-SQL's reserved words (learn.microsoft.com, "Reserved keywords", the first list). */
const reserved =
  "ADD ALL ALTER AND ANY AS ASC AUTHORIZATION BACKUP BEGIN BETWEEN BREAK BROWSE BULK BY CASCADE CASE CHECK CHECKPOINT CLOSE CLUSTERED COALESCE COLLATE COLUMN COMMIT COMPUTE CONSTRAINT CONTAINS CONTAINSTABLE CONTINUE CONVERT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASE DBCC DEALLOCATE DECLARE DEFAULT DELETE DENY DESC DISK DISTINCT DISTRIBUTED DOUBLE DROP DUMP ELSE END ERRLVL ESCAPE EXCEPT EXEC EXECUTE EXISTS EXIT EXTERNAL FETCH FILE FILLFACTOR FOR FOREIGN FREETEXT FREETEXTTABLE FROM FULL FUNCTION GOTO GRANT GROUP HAVING HOLDLOCK IDENTITY IDENTITY_INSERT IDENTITYCOL IF IN INDEX INNER INSERT INTERSECT INTO IS JOIN KEY KILL LEFT LIKE LINENO LOAD MERGE NATIONAL NOCHECK NONCLUSTERED NOT NULL NULLIF OF OFF OFFSETS ON OPEN OPENDATASOURCE OPENQUERY OPENROWSET OPENXML OPTION OR ORDER OUTER OVER PERCENT PIVOT PLAN PRECISION PRIMARY PRINT PROC PROCEDURE PUBLIC RAISERROR READ READTEXT RECONFIGURE REFERENCES REPLICATION RESTORE RESTRICT RETURN REVERT REVOKE RIGHT ROLLBACK ROWCOUNT ROWGUIDCOL RULE SAVE SCHEMA SECURITYAUDIT SELECT SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYDETAILSTABLE SEMANTICSIMILARITYTABLE SESSION_USER SET SETUSER SHUTDOWN SOME STATISTICS SYSTEM_USER TABLE TABLESAMPLE TEXTSIZE THEN TO TOP TRAN TRANSACTION TRIGGER TRUNCATE TRY_CONVERT TSEQUAL UNION UNIQUE UNPIVOT UPDATE UPDATETEXT USE USER VALUES VARYING VIEW WAITFOR WHEN WHERE WHILE WITH WRITETEXT".split(
    " ",
  );

/** Words other parsers and other databases take for reserved, and T-SQL does not. */
const free =
  "window sample sort start format limit output partition settings before offset match member exclude interval date time timestamp year month day name value type status state level action region zone source target role session data text char number int language location comment description version active row rows next first last only ties apply cube rollup grouping sets within ordinal position result segment label priority channel domain email url link hash array object map struct cluster distribute stage warehouse qualify ilike rlike regexp minus natural lateral recursive returning replace true false unknown boolean string enum set_id orders users keys plans groups".split(
    " ",
  );

const names = new Set([...reserved, ...free].map((word) => word.toLowerCase()));
const fieldsOf = ({ name }: { name: string }) =>
  name === "T" || names.has(name.toLowerCase())
    ? [...names].map((word) => ({ name: word, fieldType: "Text" as const, maxLength: 10 }))
    : undefined;

const errorsOf = (sql: string) =>
  check(sql, fieldsOf).diagnostics.flatMap(({ severity, code, line, column, fix }) =>
    severity === "error" ? [`${code} ${line}:${column} ${fix ?? ""}`] : [],
  );

describe("reserved words of T-SQL", () => {
  it("are 184", () => expect(new Set(reserved).size).toBe(184));

  it.each(reserved.filter((word) => word !== "SELECT"))(
    "%s is no table, prefixed column or alias without brackets",
    (word) => {
      expect(errorsOf(`SELECT t.name FROM ${word} t`)).toContain(`RESERVED_WORD 1:20 Write [${word}]`);
      expect(errorsOf(`SELECT t.${word} FROM T t`)).toContain(`RESERVED_WORD 1:10 Write [${word}]`);
      expect(errorsOf(`SELECT t.name AS ${word} FROM T t`)).toContain(`RESERVED_WORD 1:18 Write [${word}]`);
      expect(errorsOf(`SELECT t.name FROM T t JOIN ${word} u ON 1 = 1`)).toContain(
        `RESERVED_WORD 1:29 Write [${word}]`,
      );
    },
  );

  it("SELECT begins a second statement where a name is wanted", () => {
    expect(errorsOf("SELECT name FROM SELECT t")).toEqual([expect.stringContaining("TWO_STATEMENTS")]);
    expect(errorsOf("SELECT t.SELECT FROM T t")).toContain("RESERVED_WORD 1:10 Write [SELECT]");
  });

  it.each(reserved)("%s may stand in brackets", (word) => {
    expect(errorsOf(`SELECT t.[${word}], t.name AS [${word}_x] FROM [${word}] t`)).toEqual([]);
    expect(errorsOf(`SELECT t.name AS [${word}] FROM T t`)).toEqual([]);
  });

  it.each(["Key", "Plan", "Order", "Group", "Index", "File", "Public", "Rule", "Percent", "Desc", "Left", "Full"])(
    "%s is no column without brackets",
    (word) => {
      expect(errorsOf(`SELECT ${word} FROM T`)).toContain(`RESERVED_WORD 1:8 Write [${word}]`);
      expect(errorsOf(`SELECT name, ${word} FROM T`)).toContain(`RESERVED_WORD 1:14 Write [${word}]`);
      expect(errorsOf(`SELECT name FROM T WHERE ${word} = 'x'`)).toContain(`RESERVED_WORD 1:26 Write [${word}]`);
    },
  );

  it.each(["User", "Plan", "Key", "File", "Table"])("%s is no alias without AS", (word) => {
    expect(errorsOf(`SELECT name FROM T ${word}`)).toContain(`RESERVED_WORD 1:20 Write [${word}]`);
    expect(errorsOf(`SELECT name ${word} FROM T`)).toContain(`RESERVED_WORD 1:13 Write [${word}]`);
  });

  it.each(free)("%s stays a name: no error", (word) => {
    expect(errorsOf(`SELECT t.${word} AS ${word}, ${word} FROM T AS t WHERE t.${word} = 'x'`)).toEqual([]);
    expect(errorsOf(`SELECT x.name FROM ${word} AS x`)).toEqual([]);
  });

  it.each([
    [
      "functions named LEFT, RIGHT, COALESCE, NULLIF",
      "SELECT LEFT(name, 2) AS l, RIGHT(name, 2) AS r, COALESCE(name, '') AS c, NULLIF(name, '') AS n FROM T",
    ],
    [
      "CONVERT and CAST to types of two words",
      "SELECT CONVERT(VARCHAR(10), name) AS a, CAST(name AS DOUBLE PRECISION) AS b, CAST(name AS NATIONAL CHAR(5)) AS c FROM T",
    ],
    [
      "CURRENT_TIMESTAMP, USER and SYSTEM_USER",
      "SELECT CURRENT_TIMESTAMP AS a, USER AS b, name FROM T WHERE name = SYSTEM_USER",
    ],
    [
      "TOP PERCENT WITH TIES and table hints",
      "SELECT TOP 5 PERCENT WITH TIES name FROM T WITH (NOLOCK, INDEX(1), HOLDLOCK) ORDER BY name DESC, level ASC",
    ],
    [
      "outer, full and cross joins",
      "SELECT a.name FROM T a LEFT OUTER JOIN T b ON a.name = b.name FULL JOIN T c ON 1 = 1 CROSS JOIN T d",
    ],
    [
      "the frame of a window",
      "SELECT SUM(1) OVER (PARTITION BY name ORDER BY level ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM T",
    ],
    ["OFFSET and FETCH", "SELECT name FROM T ORDER BY name OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY"],
    [
      "ALL, EXISTS and ESCAPE",
      "SELECT name FROM T WHERE name > ALL (SELECT name FROM T) AND NOT EXISTS (SELECT 1 FROM T) AND name LIKE 'a' ESCAPE 'b'",
    ],
    ["TRIM … FROM", "SELECT TRIM('x' FROM LEFT(name, 3)) AS t FROM T"],
    ["PIVOT", "SELECT p.x FROM (SELECT name, level FROM T) s PIVOT (MAX(level) FOR name IN ([x])) p"],
    [
      "COLLATE and HAVING",
      "SELECT name FROM T WHERE name COLLATE Latin1_General_CS_AS = 'x' GROUP BY name HAVING COUNT(*) > 1",
    ],
  ])("say what they say in %s", (_, sql) => {
    expect(errorsOf(sql).filter((error) => error.startsWith("RESERVED_WORD"))).toEqual([]);
    expect(readGuarded(sql).ok).toBe(true);
  });
});
