import { type Kind, grown, inFrom, listed } from "./growth.ts";

/** Long words, literals and comments, and characters of all sorts. */
export const long: Readonly<Record<string, Kind>> = {
  "one word": grown({ core: "", close: "a" }),
  "one table name": grown({ ...inFrom, core: "", close: "a" }),
  "a column name like a long alias": (maxLength) => {
    const name = "a".repeat(Math.max(1, Math.floor(maxLength / 2) - 30));
    return `SELECT ${name}x FROM (SELECT 1 AS ${name}y) t`;
  },
  "one bracketed name": grown({ core: "", head: "SELECT [", close: "]]", tail: "] FROM Wide" }),
  "one alias": grown({ core: "", head: "SELECT 1 AS [", close: "é", tail: "]" }),
  "one text": grown({ core: "", head: "SELECT '", close: "''", tail: "' AS a" }),
  "one number": grown({ core: "1", head: "SELECT ", close: "0", tail: " AS a" }),
  "one open text": grown({ core: "", head: "SELECT '", close: "x", tail: "" }),
  "one comment": grown({ core: "", head: "SELECT /*", close: "x", tail: "*/ 1 AS a" }),
  "short comments": grown({ close: "/**/" }),
  "line comments": grown({ close: "--\n" }),
  blanks: grown({ close: " " }),
  "line ends": grown({ close: "\r" }),
  emoji: grown({ head: "SELECT '", core: "", close: "😀", tail: "', , " }),
  "control characters": grown({ close: "\u0001" }),
  "halves of characters": grown({ close: "\ud83d" }),
  signs: grown({ close: "?" }),
  colons: grown({ close: ":" }),
  braces: grown({ open: "{", close: "}" }),
  backslashes: grown({ close: "\\" }),
  "texts in a row": grown({ close: " 'a'" }),
  semicolons: grown({ close: ";" }),
  commas: grown({ close: "," }),
  stars: grown({ close: "*" }),
  "error behind much": listed(() => "Id", ",", { tail: " FROM Wide WHERE WHERE" }),
};
