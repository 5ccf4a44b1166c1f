import { z } from "zod";

// oxlint-disable-next-line no-control-regex -- these are the characters to find
const unsendable = /[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Text that every store accepts: Postgres' jsonb refuses U+0000 and lone surrogates, and with them the whole run. */
export const StorableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Must have neither U+0000 nor a lone surrogate");

/**
 * Text for people. It is never refused: what is too long is cut off, and a character that cannot be stored is
 * replaced.
 */
export const displayText = (max: number) =>
  z
    .string()
    .overwrite((text) => text.replaceAll("\0", "\ufffd").slice(0, max).toWellFormed())
    .max(max);

/** Text that reaches MCE unchanged: XML drops control characters, and a key without one is another key. */
export const SendableText = StorableText.refine((text) => !unsendable.test(text), "Must have no control characters");
