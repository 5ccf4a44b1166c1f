import { accept, expect, peek, report, since, word, type Parser } from "./parser.ts";
import type { Call, Cast, Expression, Parens } from "./expression-tree.ts";
import { unquoted } from "./names.ts";

/** Functions of ODBC and of other databases, as T-SQL's up to their first argument, where all arguments are the same. */
const heads = new Map(
  (
    "NOW=GETDATE( UCASE=UPPER( LCASE=LOWER( LENGTH=LEN( CHAR_LENGTH=LEN( IFNULL=COALESCE( LOCATE=CHARINDEX( REPEAT=REPLICATE( " +
    "INSERT=STUFF( ATAN2=ATN2( DAYOFMONTH=DAY( HOUR=DATEPART(hour,+MINUTE=DATEPART(minute,+SECOND=DATEPART(second,+" +
    "QUARTER=DATEPART(quarter,+WEEK=DATEPART(week,+DAYOFWEEK=DATEPART(weekday,+DAYOFYEAR=DATEPART(dayofyear,+" +
    "DAYNAME=DATENAME(weekday,+MONTHNAME=DATENAME(month,+CURDATE=FORMAT(GETDATE(),'yyyy-MM-dd' CURTIME=FORMAT(GETDATE(),'HH:mm:ss' " +
    "NVL=COALESCE( CHR=CHAR( SUBSTR=SUBSTRING( MID=SUBSTRING( TIMESTAMPADD=DATEADD( LAST_DAY=EOMONTH( CEIL=CEILING( LN=LOG( " +
    "UUID=NEWID( RANDOM=RAND(CHECKSUM(NEWID())"
  )
    .split(/[ +](?=[A-Z_\d]+=)/)
    .map((pair): [string, string] => {
      const [name = "", head = ""] = pair.split("=");
      return [name, head.replace(/,$/, ", ")];
    }),
);

/** ODBC alone takes or gives something else. */
const odbcAlone: ReadonlySet<string> = new Set(["WEEK", "CURDATE", "CURTIME"]);
const elsewhere: ReadonlySet<string> = new Set(
  "NVL CHR SUBSTR MID TIMESTAMPADD LAST_DAY CEIL LN UUID RANDOM".split(" "),
);

/** A call of another database's function up to its first argument, in T-SQL. */
export function foreignHead(name: string): string | undefined {
  if (name === "CURDATE") return "CAST(GETDATE() AS DATE";
  return odbcAlone.has(name) ? undefined : heads.get(name);
}

/** Whether nothing comes between such a head and its parenthesis. */
export function takesNone(head: string): boolean {
  return /^(?:GETDATE|NEWID|RAND|CAST)/.test(head);
}

/** What stands before and behind the text of a literal: `{d '2026-01-31'}`. */
const literals: Readonly<Record<string, [type: string, head: string, tail: string]>> = {
  D: ["datetime", "CONVERT(datetime, ", ", 121)"],
  TS: ["datetime", "CONVERT(datetime, ", ", 121)"],
  T: ["datetime", "(CAST(CAST(GETDATE() AS date) AS datetime) + CAST(", " AS datetime))"],
  GUID: ["uniqueidentifier", "CAST(", " AS uniqueidentifier)"],
};

/** Whether a name with its parenthesis stands in an escape: `{fn NOW()}`. */
export function isEscaped(before: string | undefined, beforeThat: string | undefined): boolean {
  return before === "FN" && beforeThat === "{";
}

/** Whether T-SQL has a function of ODBC under another name. */
export function isOdbc(name: string): boolean {
  return heads.has(name) && !elsewhere.has(name);
}

/** Reads an escape of ODBC, which T-SQL takes, as what T-SQL has instead; nothing for other braces. */
export function escape(p: Parser): Parens | undefined {
  const { start } = peek(p);
  const literal = literals[word(p, 1)];
  const value = peek(p, 2);
  if (literal !== undefined && value.kind === "string" && word(p, 3) === "}") {
    const [type, head, tail] = literal;
    p.at += 4;
    const { start: from, end: to } = value;
    const operand: Expression = { kind: "literal", type: "text", value: unquoted(p.sql, value), start: from, end: to };
    const inner: Cast = {
      kind: "cast",
      form: "CAST",
      operand,
      type: { kind: "type", name: type, args: [], start: to, end: to },
      start: from,
      end: to,
    };
    return { kind: "parens", inner, instead: { head, from, to, tail }, ...since(p, start) };
  }
  if (word(p, 1) !== "FN" || word(p, 3) !== "(") return undefined;
  p.at += 2;
  const { start: at, end, upper } = peek(p);
  const known = isOdbc(upper) ? heads.get(upper) : undefined;
  // What T-SQL keeps to itself may be a function here: `{fn INSERT(…)}`.
  const inner =
    known === undefined
      ? p.value(p)
      : call(p, { value: known.slice(0, known.indexOf("(")), isQuoted: false, start: at, end });
  expect(p, "}");
  // `{fn CONVERT(x, SQL_INTEGER)}` has its type behind.
  if (inner.kind !== "call") report(p, "UNEXPECTED", upper, inner);
  const head = known ?? p.sql.slice(at, end) + "(";
  const args = inner.kind === "call" ? inner.args.filter((one) => one.start >= end) : [];
  const [from, to] = [args[0]?.start ?? inner.end, args.at(-1)?.end ?? inner.end];
  return { kind: "parens", inner, instead: { head, from, to, tail: ")" }, ...since(p, start) };
}

function call(p: Parser, name: Call["name"][number]): Call {
  p.at += 2;
  const { start } = name;
  const isPart = name.value.startsWith("DATE");
  const args: Expression[] = isPart ? [{ kind: "keyword", value: "day", start, end: start }] : [];
  if (word(p) !== ")")
    do args.push(p.expression(p));
    while (accept(p, ","));
  expect(p, ")");
  return { kind: "call", name: [name], args, ...since(p, start) };
}
