import process from "node:process";
import { afterAll, expect, test } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Target } from "#protocol/target.ts";
import type { FailPointName } from "../../../src/queue-bridge/fail-point.ts";
import type { everywhere, Mode } from "./kill-points.ts";
import { killAt, type Killed } from "./kill.ts";
import { fillTarget, makeTarget } from "./targets.ts";
import { useWorld } from "./use-world.ts";
import type { World } from "./world.ts";

const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Points", fieldType: "Number" },
];

/** Each case has its own target, so that all can run at once. */
async function askFor(world: World, mode: Mode, point: string): Promise<{ sql: string; target?: Target }> {
  if (mode === "temp") return { sql: "SELECT * FROM Customers" };
  const customerKey = `${mode} ${point.replace(":", " ")}`.replaceAll(" ", "_");
  await makeTarget(world, { customerKey, fields });
  await fillTarget(world, customerKey, [{ Id: "A", Points: 1 }]);
  if (mode !== "self-update") return { sql: "SELECT 'B' AS Id, 2 AS Points", target: { customerKey, mode } };
  return { sql: `SELECT Id, Points + 1 AS Points FROM [${customerKey}]`, target: { customerKey, mode: "update" } };
}

type Allowed = { outcome: string; performs: number; applied: number };

function allowed(mode: Mode, point: FailPointName): Allowed {
  // Dead before the note of its TaskID: MCE's status list has the task under the query's key.
  if (point !== "grant:after") return { outcome: "ready", performs: 1, applied: 1 };
  // Granted and never sent: a Perform may still be on its way.
  if (mode === "append" || mode === "self-update") return { outcome: "OUTCOME_UNKNOWN", performs: 0, applied: 0 };
  return { outcome: "ready", performs: 1, applied: 1 };
}

const head = "mode         killed at         outcome           Performed  applied  ends  left";

function rowOf(mode: Mode, point: string, { run, performs, applied, ends, left }: Killed): string {
  const cells = [mode.padEnd(11), point.padEnd(16), outcomeOf(run).padEnd(16), `${performs}`.padEnd(9)];
  return [...cells, `${applied}`.padEnd(7), `${ends}`.padEnd(4), `${left}`].join("  ");
}

function outcomeOf(run: Killed["run"]): string {
  return run.status === "failed" ? run.error.code : run.status;
}

/** Declares one test for each point of each mode, all at once, each in the same world; the table is printed at the end. */
export function testKills(points: Partial<typeof everywhere>): void {
  const world = useWorld({ behaviours: { durationMs: 800 }, isShared: true });
  const table: string[] = [];
  afterAll(() => void process.stdout.write(`\n${[head, ...table.toSorted()].join("\n")}\n`));
  // The object has no other keys.
  const cases = (Object.keys(points) as Mode[]).flatMap((mode) =>
    (points[mode] ?? []).map((point) => ({ mode, point })),
  );
  test.concurrent.each(cases)(
    "a bridge killed in mode $mode at $point: the next one goes on, one end, nothing left",
    async ({ mode, point }) => {
      const killed = await killAt(world, point, await askFor(world, mode, point));
      table.push(rowOf(mode, point, killed));
      const { run, performs, applied, ends, left } = killed;
      expect({ outcome: outcomeOf(run), performs, applied }).toEqual(allowed(mode, point));
      expect({ ends, left }).toEqual({ ends: 1, left: 0 });
      const versions = world.edge.versions(run.id).map(({ version }) => version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    },
    300_000,
  );
}
