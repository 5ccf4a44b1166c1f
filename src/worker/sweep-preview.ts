import { sweepUnitsField } from "#protocol/redis-keys.ts";
import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";

/** What a dry run of the sweeper has brought so far. */
export type PreviewSoFar = {
  tenants: readonly SweepPreview[];
  /** Business units that have not answered yet; undefined until a bridge has said which there are. */
  pending: readonly SweepUnit[] | undefined;
};

/**
 * Reads the hash of a dry run's answers.
 *
 * @throws ZodError when a bridge of another version wrote them
 */
export function readPreview(answers: Readonly<Record<string, string>>): PreviewSoFar {
  const { [sweepUnitsField]: listed, ...previews } = answers;
  const tenants = Object.entries(previews)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, preview]) => SweepPreview.parse(JSON.parse(preview)));
  if (listed === undefined) return { tenants, pending: undefined };
  const hasAnswered = (unit: SweepUnit) =>
    tenants.some(({ tenantId, mid }) => tenantId === unit.tenantId && mid === unit.mid);
  return {
    tenants,
    pending: SweepUnit.array()
      .parse(JSON.parse(listed))
      .filter((unit) => !hasAnswered(unit)),
  };
}
