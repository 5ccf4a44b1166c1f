import type { z } from "zod";
import { sweepUnitsField } from "#protocol/redis-keys.ts";
import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";

/** What a dry run of the sweeper has brought so far. */
export type PreviewSoFar = {
  tenants: readonly SweepPreview[];
  /** Business units that have not answered yet; undefined until a bridge has said which there are. */
  pending: readonly SweepUnit[] | undefined;
};

/** Reads the hash of a dry run's answers. One that this edge cannot read, of a newer bridge, counts as not given. */
export function readPreview(answers: Readonly<Record<string, string>>): PreviewSoFar {
  const { [sweepUnitsField]: listed, ...previews } = answers;
  const tenants = Object.entries(previews)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, preview]) => read(SweepPreview, preview) ?? []);
  const units = listed === undefined ? undefined : read(SweepUnit.array(), listed);
  if (units === undefined) return { tenants, pending: undefined };
  const hasAnswered = (unit: SweepUnit) =>
    tenants.some(({ tenantId, mid }) => tenantId === unit.tenantId && mid === unit.mid);
  return { tenants, pending: units.filter((unit) => !hasAnswered(unit)) };
}

function read<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
