import { z } from "zod";

const name = z.string().regex(/^@?[\p{L}_][\p{L}\p{N}_@#$]{0,126}$/u, "A name as in @name");

/** The values of a query's parameters, each name once. */
export const ParametersBody = z
  .array(
    z.strictObject({
      name,
      type: z.enum(["text", "number", "decimal", "date", "boolean"]),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  )
  .max(100)
  .refine(
    (all) => new Set(all.map((one) => one.name.replace(/^@/, "").toLowerCase())).size === all.length,
    "Each name once, whatever its case",
  )
  .meta({
    id: "Parameters",
    description: "Values for `@name`, written into the query as literals where a value may stand",
  });

/** All rows are to be counted. */
export const Total = z.boolean().meta({
  description: "Count all rows of the query, although only the first 2,500 can be read; may be slow. Not into a target",
});
