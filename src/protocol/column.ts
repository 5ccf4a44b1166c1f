import { z } from "zod";
import { fieldTypes } from "#lang/field-type.ts";

/**
 * One output column of a SELECT, in SELECT order and case. `assumed`: the type could not be inferred and is a safe guess;
 * `zone`: the zone that the expression of a Date proves.
 */
export const Column = z.object({
  name: z.string().min(1).max(128),
  type: z.enum(fieldTypes),
  maxLength: z.int().positive().optional(),
  precision: z.int().positive().optional(),
  scale: z.int().nonnegative().optional(),
  zone: z.enum(["server", "utc"]).optional(),
  assumed: z.literal(true).optional(),
});
export type Column = z.infer<typeof Column>;
