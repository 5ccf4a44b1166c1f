import { z } from "zod";

/** Text that can be kept everywhere: Postgres' jsonb refuses U+0000 and lone surrogates, and the whole run with them. */
export const StorableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Must have neither U+0000 nor a lone surrogate");
