import { z } from "zod";

/** A list that drops the items it cannot read: a newer program may send other kinds of items. */
export function readable<T extends z.ZodType>(item: T) {
  return z.array(z.unknown()).transform((list) => list.flatMap((one) => takeIf(item.safeParse(one))));
}

function takeIf<T>(read: z.ZodSafeParseResult<T>): T[] {
  return read.success ? [read.data] : [];
}
