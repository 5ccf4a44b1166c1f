import type { FieldType } from "#lang/field-type.ts";

/** What a Date's moments are told in: the server's time, UTC-6 all year, or UTC (MCE 8.7). */
export type Zone = "server" | "utc";

/**
 * One field of a table as MCE describes it; a Text without `maxLength` is unbounded, `isNullable` and `isPrimaryKey` are absent
 * where nobody knows, `zone` where nothing says in which zone a Date is.
 */
export type TableField = {
  name: string;
  fieldType: FieldType;
  maxLength?: number;
  precision?: number;
  scale?: number;
  isNullable?: boolean;
  zone?: Zone;
  isPrimaryKey?: boolean;
};

/** A Data Extension or data view as written in FROM: `Ent.` noticed, brackets removed. */
export type TableRef = { name: string; ent: boolean };

/**
 * One column the query gives, as the temp DE needs it; `assumed` where nobody can know the type, `zone` where the expression
 * of a Date proves one.
 */
export type OutputColumn = {
  name: string;
  /** The field that holds it, where no field can have the column's own name. */
  field?: string;
  fieldType: FieldType;
  maxLength?: number;
  precision?: number;
  scale?: number;
  zone?: Zone;
  assumed?: true;
};
