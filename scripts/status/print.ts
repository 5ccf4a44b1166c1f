import type { ServiceStatus } from "#protocol/service-status.ts";

const unknown = "unknown";

/** Writes how a service stands, for a person. */
export function printedStatus(status: ServiceStatus): string {
  const now = Date.parse(status.at);
  return [
    table([
      ["at", status.at],
      ["Worker", `version ${status.version}`],
      ["Redis", status.redis],
      ["Postgres", status.postgres],
      ["schema", schemaText(status)],
      ["queue", queueText(status, now)],
      ["runs", runsText(status, now)],
      ["sweeps", sweepsText(status)],
    ]),
    bridgesTable(status, now),
    sweepsTable(status, now),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function schemaText({ schema }: ServiceStatus): string {
  if (schema === undefined) return unknown;
  const { newest, needed, isNewEnough } = schema;
  return isNewEnough ? newest : `${newest}: too old, the Worker needs ${needed}`;
}

function queueText({ queue }: ServiceStatus, now: number): string {
  if (queue === undefined) return unknown;
  const { intake, intakeSince, waiting, active, delayed } = queue;
  const since = intakeSince === undefined ? "" : ` (oldest ${ageOf(intakeSince, now)})`;
  return `${intake} on the intake${since}, ${waiting} waiting, ${active} in hand, ${delayed} due later`;
}

function runsText({ runs }: ServiceStatus, now: number): string {
  if (runs === undefined) return unknown;
  const { queued, queuedSince, running, ready, failed, canceled } = runs;
  const since = queuedSince === undefined ? "" : ` (oldest ${ageOf(queuedSince, now)})`;
  return `${queued} queued${since}, ${running} running; last 24 h: ${ready} ready, ${failed} failed, ${canceled} canceled`;
}

function sweepsText({ sweeps }: ServiceStatus): string {
  if (sweeps === undefined) return unknown;
  return `${sweeps.overdue} of ${sweeps.units} business units not swept within 2 h`;
}

function bridgesTable({ bridges }: ServiceStatus, now: number): string {
  if (bridges === undefined) return "";
  if (bridges.length === 0) return "No bridge runs";
  const rows = bridges.map(({ host, pid, version, since, seenAt }) => [
    host,
    String(pid),
    version,
    ageOf(since, now),
    ageOf(seenAt, now),
  ]);
  return table([["bridge on", "pid", "version", "up for", "seen before"], ...rows]);
}

function sweepsTable({ sweeps }: ServiceStatus, now: number): string {
  if (sweeps === undefined || sweeps.list.length === 0) return "";
  const rows = sweeps.list.map(({ tenantId, mid, endedAt, found, deleted, failed, error }) => [
    tenantId,
    String(mid),
    endedAt === undefined ? "never" : `${ageOf(endedAt, now)} ago`,
    ...[found, deleted, failed].map((count) => String(count ?? "")),
    error ?? "",
  ]);
  return table([["tenant", "MID", "swept", "found", "deleted", "failed", "error"], ...rows]);
}

/** Columns as wide as they must be. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** A time's age in its largest unit. */
function ageOf(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? ["s", 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}
