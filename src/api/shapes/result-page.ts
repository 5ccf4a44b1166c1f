import { z } from "zod";
import { ColumnShape } from "./column.ts";

const count = z.int().min(0);

/** One page of rows. */
export const ResultPageShape = z
  .object({
    source: z.literal("target").optional().meta({
      description: "Present when these are all current rows of the Data Extension that the query wrote into",
    }),
    columns: z
      .array(ColumnShape)
      .meta({ description: "The columns of the query in SELECT order, or all fields of the target in their order" }),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))).meta({
      description:
        "Values in column order. Empty text is null. Decimal is a string when its precision is over 15 or unknown.",
    }),
    page: z.int().min(1),
    pageSize: z.literal(50),
    pages: z.int().min(1),
    totalRows: count.optional().meta({ description: "Rows of the whole result; absent when nobody counted them" }),
    accessibleRows: count.meta({ description: "Rows that can be read, at most 2,500" }),
    truncated: z.boolean().meta({ description: "More rows exist than can be read" }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "ResultPage" });
