import { expect, test } from "vitest";
import { openDatabase } from "#db/database.ts";
import { readFolders, saveFolders } from "#db/folders.ts";
import { folderName } from "#run/names.ts";
import { callsOf } from "./support/ledger.ts";
import { useWorld } from "./support/use-world.ts";
import { tenancy } from "./support/world.ts";

const world = useWorld({ behaviours: { durationMs: 200 } });

type Folder = { id: number; name: string; contentType: string; mid: number };

const sql = "SELECT * FROM Customers";
const { tenantId, mid } = tenancy;
const unit = { tenantId, mid };
const db = () =>
  openDatabase({ url: world.environment.DATABASE_URL, fetchEndpoint: world.environment.NEON_FETCH_ENDPOINT });
const ownFolders = async () => {
  const { folders } = await world.ask<{ folders: Folder[] }>("state");
  return folders.filter(({ name }) => name === folderName);
};
const idOf = (folders: readonly Folder[], contentType: string) =>
  folders.find((folder) => folder.contentType === contentType)?.id;
const creates = async () => (await callsOf(world)).filter((call) => call === "SOAP Create DataFolder").length;

test("two bridges whose first runs start at once end with one folder of each kind, and Postgres has them", async () => {
  await world.ask("faults", [{ call: "SOAP Retrieve DataFolder", times: 4, delayMs: 400 }]);
  await world.startBridge();
  await world.startBridge();
  const ids = await Promise.all([1, 2, 3, 4].map(() => world.submit(sql)));
  const runs = await Promise.all(ids.map((id) => world.over(id)));
  expect(runs.map(({ status }) => status)).toEqual(Array(4).fill("ready"));
  const own = await ownFolders();
  expect(own.map(({ contentType }) => contentType).toSorted()).toEqual(["dataextension", "queryactivity"]);
  expect(await readFolders(db(), unit)).toEqual({
    dataExtensionFolderId: idOf(own, "dataextension"),
    queryFolderId: idOf(own, "queryactivity"),
  });
});

test("a Create of a folder that lost the race for its name takes the winner's", async () => {
  await world.ask("faults", [{ call: "SOAP Create DataFolder", twice: true, times: 2 }]);
  await world.startBridge();
  expect((await world.over(await world.submit(sql))).status).toBe("ready");
  expect(await ownFolders()).toHaveLength(2);
});

test.each(["dataExtensionFolderId", "queryFolderId"] as const)(
  "a cached %s that MCE refuses is looked up by type and parent, and the cache is corrected",
  async (kind) => {
    await world.startBridge();
    await world.over(await world.submit(sql));
    const known = await readFolders(db(), unit);
    await saveFolders(db(), unit, { ...known, [kind]: 999_999 });
    const before = await creates();
    expect((await world.over(await world.submit(sql))).status).toBe("ready");
    expect(await creates()).toBe(before);
    expect(await readFolders(db(), unit)).toEqual(known);
  },
);

test("folders that a user has deleted are created again once, however many runs need them", async () => {
  await world.startBridge();
  await world.over(await world.submit(sql));
  await world.ask("reset", {});
  await world.ask("behaviours", { durationMs: 200 });
  // After a reset the new ones would have the old ids again.
  await saveFolders(db(), unit, { dataExtensionFolderId: 999_998, queryFolderId: 999_999 });
  const runs = await Promise.all([1, 2, 3].map(async () => world.over(await world.submit(sql))));
  expect(runs.map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
  const own = await ownFolders();
  expect(own.map(({ contentType }) => contentType).toSorted()).toEqual(["dataextension", "queryactivity"]);
  expect(await readFolders(db(), unit)).toEqual({
    dataExtensionFolderId: idOf(own, "dataextension"),
    queryFolderId: idOf(own, "queryactivity"),
  });
});

test("a Create that is refused for another reason is repaired once, then fails with MCE's words", async () => {
  await world.startBridge();
  await world.over(await world.submit(sql));
  const answer = { body: refusal, status: 200 };
  await world.ask("faults", [{ call: "SOAP Create QueryDefinition", times: 20, ...answer }]);
  const run = await world.over(await world.submit(sql));
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "QUERY_FAILED", mce: expect.stringContaining("category") },
  });
  const made = (await callsOf(world)).filter((call) => call === "SOAP Create QueryDefinition").length;
  // The first run's, and two of the refused one.
  expect(made).toBe(3);
});

test("newer ids in the cache are never overwritten by a repair that started before", async () => {
  await saveFolders(db(), unit, { dataExtensionFolderId: 1, queryFolderId: 2 });
  const stale = { dataExtensionFolderId: 7, queryFolderId: 8 };
  expect(await saveFolders(db(), unit, { dataExtensionFolderId: 3, queryFolderId: 4 }, stale)).toBe(false);
  expect(await readFolders(db(), unit)).toEqual({ dataExtensionFolderId: 1, queryFolderId: 2 });
});

const refusal = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><CreateResponse xmlns="http://exacttarget.com/wsdl/partnerAPI"><Results><StatusCode>Error</StatusCode><StatusMessage>The category ID is invalid.</StatusMessage><OrdinalID>0</OrdinalID><ErrorCode>2</ErrorCode><NewID>0</NewID></Results><RequestID>r</RequestID><OverallStatus>Error</OverallStatus></CreateResponse></soap:Body></soap:Envelope>`;
