import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWire } from "./support/wire.ts";
import { aDataExtension, aField, resultOf, write } from "./support/wire-messages.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-file-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file of another version is not read, and the message says what to do", async () => {
  const file = join(folder, "old.json");
  await writeFile(file, JSON.stringify({ version: 1, store: {}, rows: [] }));
  await expect(openWire({ file })).rejects.toThrow(
    /old\.json was written by another version; delete it to start afresh/,
  );
});

test("a sandbox with a file has its assets and rows after a restart", async () => {
  const file = join(folder, "kept.json");
  const first = await openWire({ file });
  const authorization = `Bearer ${await first.token()}`;
  const kept = resultOf(await first.soap(write("Create", "DataExtension", aDataExtension("Kept", aField("A")))));
  await first.call("POST", "/hub/v1/dataevents/key:Kept/rowset", [{ values: { A: "1" } }], { authorization });
  await first.soap(write("Delete", "DataExtension", "<CustomerKey>Customers</CustomerKey>"));
  const before = (await first.call("GET", "/sandbox/state")).json;
  await first.close();
  const second = await openWire({ file });
  expect((await second.call("GET", "/sandbox/state")).json).toEqual(before);
  const rows = await second.call("GET", "/data/v1/customobjectdata/key/Kept/rowset", undefined, {
    authorization: `Bearer ${await second.token()}`,
  });
  expect(rows.json["items"]).toMatchObject([{ values: { a: "1" } }]);
  const more = resultOf(await second.soap(write("Create", "DataExtension", aDataExtension("More", aField("A")))));
  expect(String(more["NewObjectID"]) > String(kept["NewObjectID"])).toBe(true);
  await second.close();
});
