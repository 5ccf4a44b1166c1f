import { z } from "zod";
import type { World } from "../world.ts";

/** How much older, in milliseconds. */
export const aging = z.strictObject({ ms: z.number().int().positive() });

/** Makes all Data Extensions and queries older, so that a sweep finds them old; nothing else moves. @returns how many those are */
export function ageAssets({ store }: World, { ms }: z.infer<typeof aging>): number {
  const assets = [...store.dataExtensions, ...store.queries];
  for (const asset of assets) {
    asset.createdAt -= ms;
    asset.modifiedAt -= ms;
  }
  return assets.length;
}
