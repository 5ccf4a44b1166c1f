import type { ServiceStatus } from "#protocol/service-status.ts";
import { broken, ok, skipped, type Check, type Finding } from "./finding.ts";

/** A bridge takes a command at once; what waits longer than this waits for a bridge. */
const intakeMaxMs = 60_000;

/** The bridges that run, and whether they take what the edge puts. */
export const bridgesCheck: Check = {
  id: "bridges",
  title: "Bridges",
  async look({ status }) {
    const answer = await status;
    return answer.kind === "told" ? bridgesFindings(answer.status) : [skipped(`Bridges: ${answer.why}`)];
  },
};

/** What to say of the bridges of a service. */
export function bridgesFindings({ at, version, bridges, queue }: ServiceStatus): Finding[] {
  if (bridges === undefined || queue === undefined) return [skipped("Bridges: the Worker cannot reach Redis")];
  return [aliveFinding(bridges), ...newerFindings(version, bridges), intakeFinding(Date.parse(at), queue)];
}

type Bridges = NonNullable<ServiceStatus["bridges"]>;

function aliveFinding(bridges: Bridges): Finding {
  if (bridges.length === 0) {
    return broken(
      "No bridge runs",
      "Runs stay queued until one comes, and end as QUEUE_TIMEOUT after 2 h",
      "Start a bridge, and look at the first lines of its log",
    );
  }
  const list = bridges.map(({ host, pid, version, since }) => `${host}/${pid} (${version}, since ${since})`);
  return ok(`Bridges that run: ${list.join(", ")}`);
}

/** The Worker goes first (D30): it may not read what a newer bridge reports. */
function newerFindings(version: string, bridges: Bridges): Finding[] {
  const newer = bridges.filter((bridge) => isNewer(bridge.version, version));
  if (newer.length === 0) return [];
  return [
    broken(
      `${newer.length} of ${bridges.length} bridges are newer than the Worker ${version}`,
      "A report that the Worker cannot read ends its run as INTERNAL",
      "Deploy the Worker of the newer version",
    ),
  ];
}

function isNewer(one: string, other: string): boolean {
  return one.localeCompare(other, "en", { numeric: true }) > 0;
}

function intakeFinding(now: number, { intake, intakeSince }: NonNullable<ServiceStatus["queue"]>): Finding {
  const waitedMs = intakeSince === undefined ? 0 : now - Date.parse(intakeSince);
  if (waitedMs <= intakeMaxMs) return ok(`${intake} commands wait on the intake`);
  return broken(
    `${intake} commands wait on the intake, the oldest since ${intakeSince}`,
    "No bridge takes new runs",
    "Do the bridges use the same Redis as the Worker? Do their logs say `intake waits`?",
  );
}
