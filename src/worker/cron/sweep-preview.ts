import { readJson } from "#lang/json.ts";
import { sweepUnitsField } from "#protocol/redis-keys.ts";
import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";

/** The answers to a dry run of the sweeper so far. */
export type PreviewSoFar = {
  tenants: readonly SweepPreview[];
  /** Business units that have not answered yet; undefined until a bridge has listed them. */
  pending: readonly SweepUnit[] | undefined;
};

/** Reads the hash of a dry run's answers. It skips those of a newer bridge that this edge cannot read. */
export function readPreview(answers: Readonly<Record<string, string>>): PreviewSoFar {
  const { [sweepUnitsField]: listed, ...previews } = answers;
  const tenants = Object.entries(previews)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, preview]) => SweepPreview.safeParse(readJson(preview)).data ?? []);
  const units = listed === undefined ? undefined : SweepUnit.array().safeParse(readJson(listed)).data;
  if (units === undefined) return { tenants, pending: undefined };
  const hasAnswered = (unit: SweepUnit) =>
    tenants.some(({ tenantId, mid }) => tenantId === unit.tenantId && mid === unit.mid);
  return { tenants, pending: units.filter((unit) => !hasAnswered(unit)) };
}
