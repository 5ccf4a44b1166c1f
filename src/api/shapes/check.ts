import { z } from "zod";
import { ColumnShape } from "./column.ts";
import { DiagnosticShape } from "./diagnostic.ts";

const FieldFit = z.object({
  field: z.string(),
  column: z.string().optional(),
  verdict: z.enum(["fits", "may-cut", "may-fail", "unfilled", "missing", "refused"]),
  message: z.string().optional(),
});

/** The answer of `POST /v1/sql/check`. */
export const CheckShape = z
  .object({
    ok: z.boolean().meta({ description: "None of the diagnostics is an error" }),
    diagnostics: z.array(DiagnosticShape),
    tables: z.array(
      z.object({
        name: z.string(),
        ent: z.boolean().meta({ description: "Written with `Ent.`" }),
        isDataView: z.boolean(),
      }),
    ),
    columns: z.array(ColumnShape).meta({ description: "The query's columns; empty when they cannot be known" }),
    runs: z.string().optional().meta({ description: "The text that Marketing Cloud would get" }),
    portable: z.string().optional().meta({ description: "The text to save in Automation Studio" }),
    target: z
      .object({
        fits: z.boolean(),
        fields: z.array(FieldFit).meta({ description: "Fields without a column first, then one for each column" }),
        reasons: z
          .array(z.object({ message: z.string(), fix: z.string().optional() }))
          .meta({ description: "Why a run would be refused" }),
      })
      .optional()
      .meta({ description: "Only with `target`; absent when it could not be compared, which `notes` tells" }),
    notes: z.array(z.string()).meta({ description: "Includes what could not be checked" }),
  })
  .meta({ id: "Check" });
