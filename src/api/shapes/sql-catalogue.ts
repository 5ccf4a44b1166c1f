import { z } from "zod";
import { FieldShape } from "./table.ts";

/** A function of T-SQL. */
export const SqlFunctionShape = z
  .object({
    name: z.string(),
    signature: z.string().meta({ description: "How it is called; what is optional stands in brackets" }),
    summary: z.string().meta({ description: "What it gives, in one sentence" }),
    returns: z.string().meta({ description: "The type of a field, or words: `as the first argument`" }),
    trap: z.string().optional().meta({ description: "What people fall for, in Marketing Cloud or anywhere" }),
    evidence: z.enum(["usual", "disputed", "newer", "foreign"]).meta({
      description:
        "Whether Marketing Cloud has it. `disputed`: references disagree; `newer`: its database is too old; `foreign`: T-SQL has another name for it",
    }),
  })
  .meta({ id: "SqlFunction" });

const DataViewFieldShape = FieldShape.extend({
  isUnlisted: z.literal(true).optional().meta({ description: "It answers to its name, but no star stands for it" }),
}).meta({ id: "DataViewField" });

const JoinShape = z
  .object({
    view: z.string(),
    on: z
      .array(
        z.object({
          column: z.string().meta({ description: "Of this view" }),
          other: z.string().meta({ description: "What it equals in the other" }),
        }),
      )
      .meta({ description: "All of them must be equal" }),
  })
  .meta({ id: "DataViewJoin" });

/** One of Marketing Cloud's data views. */
export const DataViewShape = z
  .object({
    name: z.string(),
    summary: z.string().meta({ description: "What a row is, in one sentence" }),
    where: z.string().meta({ description: "Whose rows a query sees" }),
    keeps: z.string().optional().meta({ description: "How far back its rows go; absent: nobody says" }),
    trap: z.string().optional().meta({ description: "What people fall for" }),
    fields: z.array(DataViewFieldShape).meta({ description: "Empty where only Marketing Cloud knows them" }),
    isComplete: z.boolean().meta({ description: "No other columns are possible" }),
    joins: z.array(JoinShape).meta({ description: "The views it can be joined to, and by which keys" }),
  })
  .meta({ id: "DataView" });
