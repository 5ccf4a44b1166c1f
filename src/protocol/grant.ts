import { z } from "zod";

/** A Perform that was granted (D4): `n` counts them, `open` until MCE's answer to it is known. */
export const Grant = z.object({
  n: z.int().positive(),
  nonce: z.string(),
  at: z.number(),
  state: z.enum(["open", "performed", "rejected"]),
  taskId: z.string().exactOptional(),
});
export type Grant = z.infer<typeof Grant>;
