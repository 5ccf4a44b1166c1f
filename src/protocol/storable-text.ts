import { z } from "zod";

// oxlint-disable-next-line no-control-regex -- these are the characters to find
const unsendable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Text that can be kept and sent everywhere: Postgres' jsonb refuses U+0000 and lone surrogates, and the whole run with
 * them; XML loses the other control characters on the way, and a key without one is another key.
 */
export const StorableText = z
  .string()
  .refine(
    (text) => text.isWellFormed() && !unsendable.test(text),
    "Must have neither control characters nor lone surrogates",
  );
