import { z } from "zod";

const place = z.int().min(1);

const span = {
  line: place,
  column: place.meta({ description: "1-based, in UTF-16 units" }),
  endLine: place,
  endColumn: place.meta({ description: "Exclusive" }),
};

/** One finding about a query, with its place in the text. */
export const DiagnosticShape = z
  .object({
    code: z.string(),
    severity: z.enum(["error", "warning", "info"]).optional().meta({
      description:
        "An error would fail in Marketing Cloud, a warning may; info is worth knowing, and no reason to underline",
    }),
    message: z.string(),
    ...span,
    fix: z.string().optional().meta({ description: "What to do about it, in words" }),
    edits: z
      .array(z.object({ ...span, text: z.string() }))
      .optional()
      .meta({
        description:
          "The same as changes of the text, all of them together; `text` replaces what stands there. The edits of all diagnostics of one check can be made at once, too: none touches another",
      }),
    mce: z.string().optional().meta({ description: "Marketing Cloud's own words, row values masked" }),
  })
  .meta({ id: "Diagnostic" });
