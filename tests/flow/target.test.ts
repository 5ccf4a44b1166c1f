import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import type { FieldDefinition } from "#mce/soap/field.ts";
import type { RunView } from "#run/view.ts";
import { fillTarget, makeTarget, rowsOf } from "../bridge/support/targets.ts";
import { openApi, type Api } from "./support/api.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { useSharedStack, useStack } from "./support/share-stack.ts";
import { isLong, longTest } from "../support/tier.ts";

/** Long enough for a run on a slow machine, short enough to see it expire. */
const ttlMs = 20_000;

// The short life of results needs a stack of its own.
const stack = isLong ? useStack({ SANDBOX_DURATION_MS: "400", SQE_RESULT_TTL_MS: String(ttlMs) }) : useSharedStack();
let alice: Api;
let sandbox: SandboxDoor;
let mce: { sandboxUrl: string; ask: SandboxDoor["ask"] };
beforeAll(async () => {
  alice = openApi(stack);
  sandbox = openSandboxDoor(stack.sandbox);
  mce = { sandboxUrl: stack.sandbox, ask: sandbox.ask };
  await makeTarget(mce, { customerKey: "mine", name: "Mine", fields });
  await fillTarget(mce, "mine", [{ Id: "A", Country: "AT", Points: 1 }]);
});

const fields: readonly FieldDefinition[] = [
  { name: "Id", fieldType: "Text", maxLength: 50, isPrimaryKey: true },
  { name: "Country", fieldType: "Text", maxLength: 5 },
  { name: "Points", fieldType: "Number" },
];

async function submit(sql: string, mode: "overwrite" | "append" | "update"): Promise<RunView> {
  const answer = await alice.post("/v1/runs", { sql, target: { customerKey: "mine", mode } });
  return alice.over(((await answer.json()) as RunView).id);
}

test("a target run through the whole stack: rows in the target, its rows as the result, nothing left of ours", async () => {
  const run = await submit("SELECT 'B' AS Id, 2 AS Points", "append");
  expect(run).toMatchObject({ status: "ready", flow: "run-to-target", target: { mode: "append" }, rowCount: 1 });
  const page = await alice.page(run.id, 1);
  expect(page).toMatchObject({ source: "target", totalRows: 2, pages: 1 });
  expect(page.columns.map(({ name }) => name)).toEqual(["Id", "Country", "Points"]);
  expect(page.rows.toSorted(([one], [other]) => String(one).localeCompare(String(other)))).toEqual([
    ["A", "AT", 1],
    ["B", null, 2],
  ]);
  expect(await rowsOf(mce, "Mine")).toHaveLength(2);
  await expect.poll(() => sandbox.strays(alice)).toEqual([]);
});

test("a query that does not fit the target fails and names the column", async () => {
  const run = await submit("SELECT 'C' AS Id, 'Austria' AS Nation", "update");
  expect(run).toMatchObject({ status: "failed", error: { code: "TARGET_MISMATCH" } });
  expect(run.error?.detail).toContain("Nation");
  expect(await rowsOf(mce, "Mine")).toHaveLength(2);
});

longTest(
  "expiresAt holds: every page before it is there, every one after it is 410, and the table is deleted",
  async () => {
    const { id } = await alice.submit("SELECT CustomerKey FROM Customers");
    const run = await alice.over(id);
    const expiresAt = Date.parse(run.expiresAt ?? "");
    const seen = new Set<string>();
    for (let asked = 0; asked < expiresAt + 1500; await sleep(150)) {
      asked = Date.now();
      const { status } = await alice.call(`/v1/runs/${id}/results?page=2`);
      // A page requested in the last moments may be answered either way.
      const side = asked > expiresAt ? "after" : Date.now() < expiresAt ? "before" : "across";
      if (side !== "across") seen.add(`${side} ${status}`);
    }
    expect([...seen].toSorted()).toEqual(["after 410", "before 200"]);
    await expect.poll(() => sandbox.strays(alice)).toEqual([]);
  },
);
