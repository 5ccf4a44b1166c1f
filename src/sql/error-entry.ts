import type { Severity } from "./diagnostic.ts";

/** What MCE's or SQL Server's text about a query comes down to; `name` is the column, table, function or word it speaks of. */
export type SqlError = {
  code: string;
  severity: Severity;
  title: string;
  meaning: string;
  advice: string;
  name?: string;
};

/** What is known of a text, and how to know it. */
export type Entry = Omit<SqlError, "severity" | "name"> & {
  /** Core words only: the text around them is not proven (MCE 8.6). A first group catches the name. */
  pattern: RegExp;
  severity?: "warning" | "info";
};
