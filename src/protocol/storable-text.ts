import { z } from "zod";

// oxlint-disable-next-line no-control-regex -- these are the characters to find
const unsendable = /[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Text that can be kept everywhere: Postgres' jsonb refuses U+0000 and lone surrogates, and the whole run with them. */
export const StorableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Must have neither U+0000 nor a lone surrogate");

/**
 * Text that people read. A program that has more to say than is kept is not refused for it: the rest is cut off, and a
 * character that cannot be kept is replaced.
 */
export const toldText = (max: number) =>
  z
    .string()
    .overwrite((text) => text.replaceAll("\0", "\ufffd").slice(0, max).toWellFormed())
    .max(max);

/** Text that reaches MCE as it is: XML loses control characters on the way, and a key without one is another key. */
export const SendableText = StorableText.refine((text) => !unsendable.test(text), "Must have no control characters");
