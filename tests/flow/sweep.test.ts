import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openMce, type Mce } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { createFolder, findFolders } from "#mce/soap/folder.ts";
import { folderName } from "#run/names.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { tenants } from "../../dev/stack/seed.ts";
import { startStack, type TestStack } from "./support/stack.ts";
import { mceDeps } from "../support/platform.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const key = (n: number) => `QPP_${String(n).padStart(30, "0")}_1`;
const [{ id: tenantA }, { id: tenantB }] = tenants;

function mceOf(index: 0 | 1): Mce {
  const { eid, subdomain, clientId, clientSecret } = accounts[index] ?? expect.unreachable();
  const access = { connectionId: clientId, mid: eid, eid, subdomain, clientId, clientSecret };
  return openMce(access, mceDeps({ sandboxUrl: stack.sandbox }));
}

/** Leaves a table in our folder as a run of 25 hours ago would have. */
async function leave(mce: Mce, n: number): Promise<void> {
  const contentType = "dataextension";
  const found = await findFolders(mce, { contentType });
  const folders = found.ok ? found.value : [];
  const parentId = folders.find((folder) => folder.parentId === 0)?.id ?? 0;
  const ours = folders.find(({ name }) => name === folderName);
  const made = ours ?? (await createFolder(mce, { name: folderName, description: "x", contentType, parentId }));
  const folderId = "id" in made ? made.id : made.ok ? made.value.id : expect.unreachable();
  await clock(-25 * 60 * 60 * 1000);
  const fields = [{ name: "Id", fieldType: "Number" }] as const;
  const table = await createDataExtension(mce, { customerKey: key(n), name: `QPP_Results_${n}`, folderId, fields });
  await clock(0);
  expect(table.ok).toBe(true);
}

const clock = (offsetMs: number) =>
  fetch(`${stack.sandbox}/sandbox/clock`, { method: "POST", body: JSON.stringify({ offsetMs }) });

async function keys(): Promise<string[]> {
  const state = await fetch(`${stack.sandbox}/sandbox/state`);
  // The door's shape is DESIGN 8's.
  const { dataExtensions } = (await state.json()) as { dataExtensions: { key: string }[] };
  return dataExtensions.map((extension) => extension.key).filter((known) => known.startsWith("QPP_"));
}

const sweep = (query = "") =>
  fetch(`${stack.edge}/v1/admin/sweep${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.tokens.operator}` },
  });
const soonGone = () => vi.waitFor(async () => expect(await keys()).toEqual([]), { timeout: 30_000, interval: 100 });

type Preview = { tenantId: string; mid: number; wouldDelete: { customerKey: string }[] };

test("an operator sees what would be deleted in every business unit, then has it swept", async () => {
  await leave(mceOf(0), 1);
  await leave(mceOf(1), 2);
  const preview = await sweep("?dryRun=1");
  expect(preview.status).toBe(200);
  // The contract's shape; what is read of it is asserted.
  const { tenants: previews } = (await preview.json()) as { tenants: Preview[] };
  const doomed = previews.map(({ tenantId, mid, wouldDelete }) => {
    return { tenantId, mid, keys: wouldDelete.map((asset) => asset.customerKey) };
  });
  const expected = [tenantA, tenantB].flatMap((tenantId, index) => {
    const { eid, mids } = accounts[index] ?? expect.unreachable();
    return mids.map((mid) => ({ tenantId, mid, keys: mid === eid ? [key(index + 1)] : [] }));
  });
  expect(doomed).toHaveLength(expected.length);
  expect(doomed).toEqual(expect.arrayContaining(expected));
  expect(await keys()).toHaveLength(2);
  expect((await sweep()).status).toBe(202);
  await soonGone();
});

test("the Cron Trigger has everything swept", async () => {
  await leave(mceOf(0), 3);
  expect(await keys()).toHaveLength(1);
  const fired = await fetch(`${stack.edge}/cdn-cgi/handler/scheduled?cron=17+*+*+*+*&time=${Date.now()}`);
  expect(fired.status).toBe(200);
  await soonGone();
});
