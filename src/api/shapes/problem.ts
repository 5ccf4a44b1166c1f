import { z } from "zod";
import { DiagnosticShape } from "./diagnostic.ts";

/** What went wrong (RFC 9457). */
export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: "Stable; a program decides by it" }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "What is wrong with the request, member by member" }),
    diagnostics: z.array(DiagnosticShape).optional().meta({ description: "What is wrong with the SQL, and where" }),
    near: z.array(z.string()).optional().meta({ description: "Names like the one that was not found" }),
    missing: z.string().optional().meta({ description: "The scope that the credential lacks, for FORBIDDEN" }),
    runStatus: z.string().optional(),
    retryAfter: z.number().optional().meta({ description: "Seconds to wait; the same as the header" }),
    expiresAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Problem" });
