import { z } from "zod";
import { fieldTypes } from "#lang/field-type.ts";

/**
 * One output column of a SELECT, in SELECT order and case. `field`: the field that holds it, where no field can have its name;
 * `assumed`: the type could not be inferred and is a safe guess; `zone`: the zone that the expression of a Date proves.
 */
export const Column = z.object({
  name: z.string().min(1).max(128),
  field: z.string().min(1).max(128).optional(),
  type: z.enum(fieldTypes),
  maxLength: z.int().positive().optional(),
  precision: z.int().positive().optional(),
  scale: z.int().nonnegative().optional(),
  zone: z.enum(["server", "utc"]).optional(),
  assumed: z.literal(true).optional(),
});
export type Column = z.infer<typeof Column>;

/** The field of the result's table that holds a column. */
export function fieldOf({ name, field }: Pick<Column, "name" | "field">): string {
  return field ?? name;
}

/** A column as users see it, without what is internal. */
export function shownColumn<T extends Pick<Column, "field">>({ field: _field, ...column }: T): Omit<T, "field"> {
  return column;
}
