import { expect } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { Run } from "#run/run.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Target } from "#protocol/target.ts";
import { performsOf } from "./ledger.ts";
import { fillTarget, makeTarget } from "./targets.ts";
import type { World } from "./world.ts";

const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Points", fieldType: "Number" },
];

export type Mode = { name: string; sql: string; target?: Target; isRepeatable: boolean };

export const plain = "SELECT 'B' AS Id, 2 AS Points";
const into = (mode: Target["mode"]) => ({ target: { customerKey: "Mine", mode } });
/** Every way to write rows, and whether twice has the same effect as once. */
export const modes: readonly Mode[] = [
  { name: "temp", sql: plain, isRepeatable: true },
  { name: "overwrite", sql: plain, ...into("overwrite"), isRepeatable: true },
  { name: "append", sql: plain, ...into("append"), isRepeatable: false },
  { name: "update", sql: plain, ...into("update"), isRepeatable: true },
  {
    name: "update that reads its target",
    sql: "SELECT Id, Points + 1 AS Points FROM Mine",
    ...into("update"),
    isRepeatable: false,
  },
];

/** Runs one query whose Perform meets faults; returns how often MCE performed it and applied its rows. */
export async function runWith(
  world: World,
  faults: readonly object[],
  mode: Mode,
  sql = mode.sql,
  own: Partial<Settings> = {},
) {
  await makeTarget(world, { customerKey: "Mine", fields });
  await fillTarget(world, "Mine", [{ Id: "A", Points: 1 }]);
  await world.ask(
    "faults",
    faults.map((fault) => ({ call: "SOAP Perform", ...fault })),
  );
  const waits = {
    pollMinMs: 60,
    notRunningGraceMs: 700,
    settleMs: 100,
    stoppedAloneMs: 100,
    retryMinMs: 50,
    effectTimeoutMs: 1500,
    ...own,
  };
  await world.startBridge(waits);
  const id = await world.submit(sql, mode.target === undefined ? {} : { target: mode.target });
  const run = await world.over(id);
  // Nothing of the run goes on after its end.
  await expect
    .poll(() => world.edge.ledger(id).find(({ asset }) => asset === "queryDefinition")?.state)
    .toBe("deleted");
  return { run, ...(await performsOf(world, id)) };
}

export const errorOf = (run: Run) => (run.status === "failed" ? run.error : undefined);
