import type { FieldType } from "#lang/field-type.ts";

/** One field of a table as MCE describes it; a Text without `maxLength` is unbounded, `isNullable` is absent where nobody knows. */
export type TableField = {
  name: string;
  fieldType: FieldType;
  maxLength?: number;
  precision?: number;
  scale?: number;
  isNullable?: boolean;
};

/** A Data Extension or data view as written in FROM: `Ent.` noticed, brackets removed. */
export type TableRef = { name: string; ent: boolean };

/** One column the query gives, as the temp DE needs it; `assumed` where nobody can know the type. */
export type OutputColumn = {
  name: string;
  fieldType: FieldType;
  maxLength?: number;
  precision?: number;
  scale?: number;
  assumed?: true;
};
