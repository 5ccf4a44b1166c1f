/** A value of a row. A Decimal of over 15 digits is text; an empty text is null. */
export type Cell = string | number | boolean | null;

/** One column of a result, in SELECT order. */
export type Column = {
  name: string;
  /** Marketing Cloud's type: Text, Number, Decimal, Boolean, Date, EmailAddress, Phone, Locale. */
  type: string;
  maxLength?: number;
  precision?: number;
  scale?: number;
  /** The zone of a Date, where it is proven. */
  zone?: "server" | "utc";
  /** The type could not be inferred and is a safe guess. */
  assumed?: true;
};

/** At most 50 rows, each with its values in the order of the columns. */
export type RowPage = {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** From 1. */
  page: number;
  pageSize: number;
  pages: number;
  /** Absent when nobody counted them. */
  totalRows?: number;
  /** Rows that can be read, at most 2,500. */
  accessibleRows: number;
  /** There are more rows than can be read. */
  truncated: boolean;
};

/** A page of a run's result. */
export type ResultPage = RowPage & {
  /** Present when these are all rows of the Data Extension that the query wrote into. */
  source?: "target";
  /** When the result ends, ISO 8601. */
  expiresAt: string;
};

/** A row by the names of its columns. */
export type Row = Record<string, Cell>;
