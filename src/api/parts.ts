import { z } from "zod";
import { Target } from "#protocol/target.ts";

/** The longest SQL that is read (DESIGN 3). */
export const sqlMaxLength = 100_000;

/** The text of a query, in a body. */
export const Sql = z.string().max(sqlMaxLength);

/** An existing Data Extension to write into. A user's body is strict: an unknown member is a mistake, not a newer program. */
export const TargetBody = z.strictObject(Target.shape).meta({ id: "TargetBody" });

/** A run's id in the path. */
export const runInPath = z.object({ id: z.string().meta({ description: "30 hexadecimal digits" }) });

/** The header that tells a run's version. */
export const etag = z.object({ ETag: z.string().meta({ description: 'The version of the run: `"<version>"`' }) });

/** The header that tells where a new run is. */
export const location = z.object({ Location: z.string().meta({ description: "The address of the run" }) });

/** The header that names what an answer holds. */
export const contentTag = z.object({
  ETag: z.string().meta({ description: "Names the content: send it as If-None-Match, and an unchanged answer is 304" }),
});

/** The header of a client that has an answer already. */
export const ifNoneMatch = z.object({ "If-None-Match": z.string().optional() });

/** The answer to a client that has it already. */
export const unchanged = { description: "Nothing changed", headers: contentTag };

/** Who is no user of the business unit. */
export const forbiddenConnection =
  "a credential whose connection is not its tenant's or does not allow its business unit";

/** For a list that is kept for some minutes. */
export const refresh = z
  .enum(["0", "1"])
  .default("0")
  .transform((text) => text === "1")
  .meta({ description: "1: asks Marketing Cloud again; otherwise the answer may be 5 minutes old" });

/** Where the next page of a list by name begins: the rank and the name of the last one seen. */
export const NameCursor = z
  .string()
  .max(4000)
  .transform((text, context) => {
    const read = readCursor(text);
    if (read === undefined) context.addIssue("Must be the `cursor` of the page before");
    return read ?? z.NEVER;
  });

/** A place in a list: `rank` 0 begins with the text that was asked for, 1 has it elsewhere. */
export type NamePlace = { rank: 0 | 1; name: string };

/** Writes a place as a cursor. */
export function writeCursor({ rank, name }: NamePlace): string {
  return `${rank}${encodeURIComponent(name.toWellFormed())}`;
}

function readCursor(text: string): NamePlace | undefined {
  const rank = text.startsWith("0") ? 0 : text.startsWith("1") ? 1 : undefined;
  if (rank === undefined) return undefined;
  try {
    return { rank, name: decodeURIComponent(text.slice(1)) };
  } catch {
    return undefined;
  }
}
