import { profileOf } from "#probe/profile-of.ts";
import type { Behaviours } from "../../../sandbox/behaviours.ts";
import { profiles } from "../../../sandbox/profiles.ts";
import { openProbeWorld } from "./probe-world.ts";

/** A switch that a question concerns, with the values that must be told apart. `around`: as exact as that, in milliseconds. */
type SwitchCase = {
  [Name in keyof Behaviours]: { name: Name; values: readonly Behaviours[Name][]; around?: number };
}[keyof Behaviours];

const both = [false, true] as const;

/** Every switch of the sandbox that a question of the probe concerns. */
export const switchCases: readonly SwitchCase[] = [
  { name: "durationMs", values: [4000, 20_000], around: 3500 },
  { name: "statusMissingPolls", values: [0, 1, 3] },
  { name: "statusStuck", values: both },
  { name: "statusTakesIn", values: both },
  { name: "statusWithoutKeys", values: both },
  { name: "statusValueLeftOut", values: both },
  { name: "isRunningLateMs", values: [0, 5000], around: 2500 },
  { name: "rowsetLateMs", values: [0, 6000], around: 2500 },
  { name: "rowsetLateStatus", values: [404, 400] },
  { name: "rowsetDown", values: [null, 400, 403, 404, 500, 503] },
  { name: "rowsVisibleEarly", values: both },
  { name: "overwriteOwnTarget", values: ["refuse", "empty"] },
  { name: "cteAccepted", values: both },
  { name: "leadingParenthesis", values: ["accept", "refuse"] },
  { name: "soapSqlRefusal", values: ["reason", "generic"] },
  { name: "deleteStopsQuery", values: both },
  { name: "nameBlockedMs", values: [0, 5 * 60_000] },
  { name: "absentDeleteCode", values: [310_002, 310_007] },
  { name: "localizedRoots", values: both },
  { name: "asciiNamesOnly", values: both },
  { name: "retentionRefused", values: both },
  { name: "duplicateQueryName", values: ["refuse", "allow"] },
  { name: "numberingRefused", values: both },
  { name: "isRunningKeyStatus", values: [400, 404] },
  { name: "validateDown", values: both },
  { name: "validateOrderBy", values: both },
  { name: "rowsetFilter", values: both },
  { name: "rowsetOrderBy", values: ["honour", "ignore", "refuse"] },
  { name: "keylessKeys", values: ["_customobjectkey", "empty", "missing"] },
  { name: "soapRowKey", values: ["answer", "refuse"] },
  { name: "rowsetTokenLifeMs", values: [20 * 60_000, 60_000], around: 2000 },
];

/** The switch as the probe's profile sets it, in a tenant that is friendly but for this one. */
export async function probedSwitch(
  name: keyof Behaviours,
  value: unknown,
): Promise<{ found: unknown; left: string[] }> {
  const tenant = openProbeWorld({ [name]: value });
  const { findings } = await tenant.probe();
  const profile = profileOf(findings);
  // How long a name stays blocked is not asked: a probe would have to wait for it.
  if (name === "nameBlockedMs" && findings.nameAfterDelete === "refused") profile[name] = profiles.realistic[name];
  return { found: profile[name], left: tenant.left() };
}
