import { expect, test } from "vitest";
import type { RunId } from "#protocol/ids.ts";
import { assetNames, customerKeyOf } from "#run/names.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";

const world = useWorld();

type State = Record<"dataExtensions" | "queries", { key: string; name: string }[]>;

const sql = "SELECT * FROM Customers";
const snippetName = "顧客リスト ١٢";

/** What the assets of a run are called: its table, its query. */
async function namesOf(id: RunId): Promise<(string | undefined)[]> {
  const { dataExtensions, queries } = await world.ask<State>("state");
  return [dataExtensions, queries].map((assets) => assets.find(({ key }) => key === customerKeyOf(id, 1))?.name);
}

/** Runs a query to its end, its clean-up included, and counts the Creates it took. */
async function runNamed(name: string): Promise<{ id: RunId; creates: number }> {
  const creates = async () => (await callsOf(world)).filter((call) => call.startsWith("SOAP Create Da")).length;
  const before = await creates();
  const id = await world.submit(sql, { snippetName: name });
  expect((await world.over(id)).status).toBe("ready");
  await expect
    .poll(() => world.edge.ledger(id).map(({ asset, state }) => `${asset} ${state}`))
    .toContain("queryDefinition deleted");
  return { id, creates: (await creates()) - before };
}

const asciiOf = (id: RunId) => `QPP_Results_${id.slice(0, 4)}`;

test("a snippet's name keeps its alphabet in MCE", async () => {
  await world.ask("behaviours", { durationMs: 300 });
  await world.startBridge();
  await runNamed("the folders are there");
  const { id, creates } = await runNamed(snippetName);
  const [name] = assetNames(id, snippetName);
  expect(name).toContain("顧客リスト ١٢");
  expect([await namesOf(id), creates]).toEqual([[name, name], 1]);
});

test("an account that accepts only plain letters gets them, and is not tried again", async () => {
  await world.ask("behaviours", { durationMs: 300, asciiNamesOnly: true });
  await world.startBridge();
  await runNamed("the folders are there");
  const first = await runNamed(snippetName);
  expect(await namesOf(first.id)).toEqual([asciiOf(first.id), asciiOf(first.id)]);
  expect(first.creates).toBeGreaterThan(1);
  const second = await runNamed("Клиенты");
  expect([await namesOf(second.id), second.creates]).toEqual([[asciiOf(second.id), asciiOf(second.id)], 1]);
});

test("a refused retention period is not mistaken for a refused name", async () => {
  await world.ask("behaviours", { durationMs: 300, retentionRefused: true });
  await world.startBridge();
  const { id } = await runNamed(snippetName);
  const [name] = assetNames(id, snippetName);
  expect(await namesOf(id)).toEqual([name, name]);
});

test("a name and a retention period are both dropped when both are refused", async () => {
  await world.ask("behaviours", { durationMs: 300, retentionRefused: true, asciiNamesOnly: true });
  await world.startBridge();
  const { id } = await runNamed(snippetName);
  expect(await namesOf(id)).toEqual([asciiOf(id), asciiOf(id)]);
});
