import { z } from "zod";

/** A list out of which only what can be read is taken: a newer program may list more kinds of things. */
export function readable<T extends z.ZodType>(item: T) {
  return z.array(z.unknown()).transform((list) => list.flatMap((one) => takeIf(item.safeParse(one))));
}

function takeIf<T>(read: z.ZodSafeParseResult<T>): T[] {
  return read.success ? [read.data] : [];
}
