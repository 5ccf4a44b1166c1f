import type { Remark } from "../diagnostic.ts";

const writes = "only reads are possible here";
const writesText = "columns of the old type text do not exist in MCE";

/** Statement verbs and what each would do; all are reserved in T-SQL, so a legal SELECT has them only inside brackets or quotes. */
const verbs: Readonly<Record<string, string>> = {
  INSERT: writes,
  UPDATE: writes,
  DELETE: writes,
  MERGE: writes,
  TRUNCATE: writes,
  CREATE: "tables and other objects cannot be created",
  ALTER: "tables and other objects cannot be changed",
  DROP: "tables and other objects cannot be dropped",
  EXEC: "procedures and dynamic SQL do not exist in MCE",
  EXECUTE: "procedures and dynamic SQL do not exist in MCE",
  DECLARE: "variables do not exist in MCE",
  SET: "variables and settings do not exist in MCE",
  USE: "there is one database only",
  GRANT: "permissions cannot be changed",
  REVOKE: "permissions cannot be changed",
  DENY: "permissions cannot be changed",
  IF: "there is no control flow in MCE",
  WHILE: "there is no control flow in MCE",
  BEGIN: "there is no control flow in MCE",
  RETURN: "there is no control flow in MCE",
  GOTO: "there is no control flow in MCE",
  WAITFOR: "there is no control flow in MCE",
  PRINT: "there is no message output in MCE",
  RAISERROR: "there is no message output in MCE",
  COMMIT: "there are no transactions in MCE",
  ROLLBACK: "there are no transactions in MCE",
  SAVE: "there are no transactions in MCE",
  KILL: "the server cannot be controlled",
  SHUTDOWN: "the server cannot be controlled",
  RECONFIGURE: "the server cannot be controlled",
  CHECKPOINT: "the server cannot be controlled",
  DBCC: "the server cannot be controlled",
  BACKUP: "the server cannot be controlled",
  RESTORE: "the server cannot be controlled",
  BULK: "files cannot be read",
  DEALLOCATE: "there are no cursors in MCE",
  READTEXT: writesText,
  WRITETEXT: writesText,
  UPDATETEXT: writesText,
  LINENO: "it numbers the lines of a batch, and there are no batches in MCE",
  SETUSER: "there is one user only",
  COMPUTE: "SQL Server has not had it since 2012; GROUP BY … WITH ROLLUP gives totals",
};

const remote = new Set(["OPENROWSET", "OPENQUERY", "OPENDATASOURCE"]);

/** Reserved verbs that also have a harmless meaning before these words: join and query hints. */
const harmless: Readonly<Record<string, readonly string[]>> = { MERGE: ["JOIN", "UNION"], USE: ["HINT", "PLAN"] };

/** What is wrong with this word, upper-cased, inside a SELECT; nothing for most words. */
export function forbidden(word: string, next: string): Remark | undefined {
  if (word === "INTO") {
    return {
      code: "SELECT_INTO",
      message: "SELECT … INTO cannot run in MCE: the result goes into a Data Extension by itself",
      fix: "Remove the INTO clause",
    };
  }
  if (word === "OPENXML" && next === "(")
    return {
      code: "NOT_A_SELECT",
      message: "OPENXML cannot run here: it needs a document that a procedure has prepared",
    };
  if (word === "BROWSE") {
    const message = "FOR BROWSE cannot run in MCE: it is for programs that write back what they have read";
    return { code: "FOR_BROWSE", message, fix: "Remove FOR BROWSE" };
  }
  if (remote.has(word))
    return { code: "REMOTE_DATA", message: `${word} cannot run in MCE: other data sources are out of reach` };
  if (!Object.hasOwn(verbs, word) || harmless[word]?.includes(next) === true) return undefined;
  const remark = { code: "NOT_A_SELECT", message: `${word} cannot run here: ${verbs[word]}` };
  return word === "IF" && next === "(" ? { ...remark, fix: "Use IIF(condition, yes, no)" } : remark;
}

/** A text may begin with a string of any length. */
const maxShown = 40;

/** Why a text beginning with this word, upper-cased, is no SELECT. */
export function notASelect(word: string): Remark {
  if (word === "WITH") {
    return {
      code: "CTE",
      message: "WITH cannot stand here: common table expressions begin the text, each with its name",
      fix: "Write WITH name AS (SELECT …) SELECT …",
    };
  }
  const why = Object.hasOwn(verbs, word) ? verbs[word] : "the text must begin with SELECT";
  return { code: "NOT_A_SELECT", message: `${word.slice(0, maxShown)} cannot run here: ${why}` };
}
