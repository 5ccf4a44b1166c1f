import { deadline } from "#async/deadline.ts";
import { openPlatform } from "#async/platform.ts";
import { askStatus } from "../settings/ask-status.ts";
import type { Settings } from "../settings/read-settings.ts";
import { cronCheck } from "./cron.ts";
import { bridgesCheck } from "./bridges.ts";
import { edgeCheck } from "./edge.ts";
import { broken, type Check, type Finding, type Patient } from "./finding.ts";
import { machineCheck } from "./machine.ts";
import { mceCheck } from "./mce.ts";
import { postgresCheck } from "./postgres.ts";
import { projectionCheck } from "./projection.ts";
import { redisCheck } from "./redis.ts";
import { redisRoadCheck } from "./redis-road.ts";
import { secretsCheck } from "./secrets.ts";
import { variablesCheck } from "./variables.ts";

/** All checks, in the order in which they are shown. */
const checks: readonly Check[] = [
  machineCheck,
  variablesCheck,
  secretsCheck,
  edgeCheck,
  bridgesCheck,
  redisCheck,
  redisRoadCheck,
  postgresCheck,
  projectionCheck,
  mceCheck,
  cronCheck,
];

/** Calls are given up after this, and a check that has not ended by itself soon after, so that the doctor ends within 10 s. */
const callsMs = 7000;
const patienceMs = 8000;

/** What one check has found. */
export type Examined = { id: string; title: string; ms: number; findings: Finding[] };

/** Looks at everything at once. Each check has 8 s. */
export async function examine(
  settings: Settings,
  token: string | undefined,
): Promise<{ examined: Examined[]; patient: Patient }> {
  const signal = AbortSignal.timeout(callsMs);
  const patient: Patient = {
    settings,
    isDevelopment: (settings.worker ?? settings.bridge)?.["SQE_ENV"] === "development",
    status: askStatus(settings, token, signal),
  };
  const examined = await Promise.all(checks.map((check) => runCheck(check, patient, signal)));
  return { examined, patient };
}

async function runCheck(check: Check, patient: Patient, signal: AbortSignal): Promise<Examined> {
  const { id, title } = check;
  const platform = openPlatform();
  const from = platform.monotonic();
  const findings = await deadline(platform, check.look(patient, signal), patienceMs, () => [tooLate(title)]).catch(
    () => [
      broken(`${title}: the check itself went wrong`, "Nobody knows how this stands", "Report it to the developers"),
    ],
  );
  return { id, title, ms: Math.round(platform.monotonic() - from), findings };
}

function tooLate(title: string): Finding {
  return broken(
    `${title}: no answer within ${patienceMs / 1000} s`,
    "It hangs, or is too slow for the engine",
    "Check the network between this machine and the service, and the service's own status page",
  );
}
