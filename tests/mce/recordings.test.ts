import { readdirSync } from "node:fs";
import { expect, it, test } from "vitest";
import type { Mce } from "../../src/mce/client.ts";
import { err, ok } from "../../src/lang/result.ts";
import { rejected, unavailable, type Answer, type MceFailure } from "../../src/mce/failure.ts";
import { createQueryByRest } from "../../src/mce/rest/create-query.ts";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { readRowset } from "../../src/mce/rest/rowset.ts";
import { validateQuery } from "../../src/mce/rest/validate.ts";
import { readAsyncStatus } from "../../src/mce/soap/async-status.ts";
import { createDataExtension, deleteDataExtension, findDataExtensions } from "../../src/mce/soap/data-extension.ts";
import { readFirstRows } from "../../src/mce/soap/first-rows.ts";
import { createFolder, findFolders } from "../../src/mce/soap/folder.ts";
import { performQuery } from "../../src/mce/soap/perform.ts";
import {
  createQueryDefinition,
  deleteQueryDefinition,
  findQueryDefinitions,
} from "../../src/mce/soap/query-definition.ts";
import { mintToken } from "../../src/mce/token-request.ts";
import { mceDeps } from "../support/platform.ts";
import { fields } from "./support/calls.ts";
import { recording } from "./support/recordings.ts";
import { access, openStandIn, retrieved, soap, type Reply } from "./support/stand-in.ts";

const replayed = new Set<string>();

/** The recorded answer to every request except those for a token. */
function replay(file: string, status: number, ...then: Reply[]) {
  replayed.add(file);
  return openStandIn([{ status, body: recording(file) }, ...then]);
}

/** The recorded answer to a request for a token. */
function replayToken(file: string, status: number) {
  replayed.add(file);
  const fetch = async () => new Response(recording(file), { status });
  return mintToken(access, mceDeps({ fetch }));
}

const none = (message: string) => unavailable("none", message);

const draft = {
  customerKey: "demo_key",
  name: "demo",
  folderId: 1001,
  sql: "select a from s",
  target: { customerKey: "demo_target", name: "demo_target" },
  updateType: "Overwrite",
} as const;
const table = { customerKey: "demo_key", name: "demo_name", folderId: 1001, fields };
const folder = { name: "Demo", description: "d", contentType: "dataextension", parentId: 1000 };

const makeTable = (mce: Mce) => createDataExtension(mce, table);
const makeQuery = (mce: Mce) => createQueryDefinition(mce, draft);
const start = (mce: Mce) => performQuery(mce, { objectId: "o" });
const running = (mce: Mce) => isQueryRunning(mce, { objectId: "o" });
const folders = (mce: Mce) => findFolders(mce, { contentType: "dataextension" });
const status = (mce: Mce) => readAsyncStatus(mce, { taskId: "100001" });

const noPermission = (...needs: NonNullable<(MceFailure & { kind: "forbidden" })["needs"]>) =>
  err<MceFailure>({ kind: "forbidden", retry: "never", message: "API Permission Failed.", needs });

it.each<[string, (mce: Mce) => Promise<Answer<unknown>>, Answer<never>]>([
  ["tables", (mce) => findDataExtensions(mce, { customerKey: "k" }), noPermission("data_extensions_read")],
  ["rows", (mce) => readFirstRows(mce, { customerKey: "k", columns: ["a"] }), noPermission("data_extensions_read")],
  ["queries", (mce) => findQueryDefinitions(mce, { customerKey: "k" }), noPermission("automations_read")],
  ["statuses", status, noPermission("automations_read")],
  ["folders", folders, noPermission("data_extensions_read", "automations_read")],
])("01: a Retrieve of %s without the permission is forbidden, and names it", async (_, call, expected) => {
  expect(await call(replay("01-soap-permission-retrieve.xml", 200).mce)).toEqual(expected);
});

it.each<[string, string, number, (mce: Mce) => Promise<Answer<unknown>>, Answer<unknown>]>([
  [
    "a Retrieve that is limited waits",
    "02-soap-rate-limited.xml",
    500,
    folders,
    err<MceFailure>({
      kind: "throttled",
      retry: "later",
      waitMs: 5000,
      message: "Cannot do SOAP Retrieve DataFolder now: MCE limits the rate of calls",
    }),
  ],
  [
    "database trouble did nothing, not even to a Perform",
    "03-soap-client-fault-database.xml",
    500,
    start,
    none(
      "Cannot do SOAP Perform now: Synchronous request cannot be completed at this time due to database synchronization problem. Request was not processed.",
    ),
  ],
  [
    "a client fault without authorization is forbidden",
    "04-soap-client-fault-not-authorised.xml",
    500,
    makeQuery,
    err<MceFailure>({
      kind: "forbidden",
      retry: "never",
      message: "Member: [1001] does not have API authorization. Request was denied.",
      needs: ["automations_read", "automations_write"],
    }),
  ],
  [
    "maintenance did nothing, not even to a Create",
    "05-soap-server-fault-maintenance.xml",
    500,
    makeTable,
    none("Cannot do SOAP Create DataExtension now: Member: [1001] is in maintenance. Request was not processed."),
  ],
  [
    "a name in use is refused with its code",
    "06-soap-create-de-duplicate.xml",
    200,
    makeTable,
    rejected(
      "310003",
      "Updating an existing Data Extension definition is not allowed when doing an add-only operation. ",
    ),
  ],
  [
    "an exception of MCE's own stays what it is",
    "07-soap-create-query-generic.xml",
    200,
    makeQuery,
    rejected("2", "Exception occurred during [CreateQueryDefinition] ErrorID: 100000001"),
  ],
  [
    "FatalError is told as it is",
    "09-soap-status-fatalerror.xml",
    200,
    status,
    ok({
      status: "FatalError",
      errorMsg: "Own words: the run has failed.",
      completedDate: "1/2/2026 3:04:05 AM",
    }),
  ],
  ["values left out are none", "10-soap-status-value-omitted.xml", 200, status, ok({ status: "Queued", errorMsg: "" })],
  [
    "an ObjectID that is nil spoils no folder",
    "11-soap-folder-objectid-nil.xml",
    200,
    folders,
    ok([{ id: 1001, name: "Demo", contentType: "dataextension", parentId: 1000 }]),
  ],
  [
    "a query is deleted",
    "12-soap-delete-query-ok.xml",
    200,
    (mce) => deleteQueryDefinition(mce, { objectId: "o" }),
    ok("deleted"),
  ],
  [
    "rows without keys are read",
    "13-rest-rowset-no-primary-key.json",
    200,
    (mce) => readRowset(mce, { customerKey: "demo_key", page: 1, pageSize: 2500 }),
    ok({
      count: 1,
      requestToken: "00000000-0000-4000-8000-000000000002",
      tokenExpiresAt: Date.UTC(2026, 0, 2, 3, 24, 5, 123),
      items: [{ email: "a@b.example", name: "N" }],
    }),
  ],
  [
    "complaints are objects",
    "14-rest-validate-error-objects.json",
    200,
    (mce) => validateQuery(mce, { sql: "select X from s" }),
    ok({ valid: false, errors: ["Invalid column name 'X'."], warnings: ["Own words: a hint."] }),
  ],
  [
    "a query is created",
    "18-rest-query-created.json",
    200,
    (mce) => createQueryByRest(mce, draft),
    ok({ objectId: "00000000-0000-4000-8000-00000000000a" }),
  ],
  [
    "a NULL is read as nothing",
    "19-soap-row-null-omitted.xml",
    200,
    (mce) => readFirstRows(mce, { customerKey: "demo_key", columns: ["Id", "Nickname"] }),
    ok({ items: [{ id: "1", nickname: "" }], hasMore: false }),
  ],
  [
    "a folder's name in use is refused",
    "20-soap-create-folder-duplicate.xml",
    200,
    (mce) => createFolder(mce, folder),
    rejected("396012", "A folder of that name is there (own words). Please select a different Name."),
  ],
  [
    "a hurried endpoint is out of order",
    "21-rest-automation-500.json",
    500,
    running,
    none("Cannot do REST isrunning: MCE answered 500"),
  ],
])("%s (%s)", async (_, file, httpStatus, call, expected) => {
  expect(await call(replay(file, httpStatus).mce)).toEqual(expected);
});

it("08: a Data Extension that cannot be deleted and is not there is absent", async () => {
  const { mce, sent } = replay("08-soap-delete-de-absent-310007.xml", 200, ...soap(retrieved("")));
  expect(await deleteDataExtension(mce, { customerKey: "demo_key" })).toEqual(ok("absent"));
  expect(sent).toHaveLength(3);
});

it("08: one that is still there is refused", async () => {
  const there = "<Results><ObjectID>o</ObjectID><CustomerKey>demo_key</CustomerKey><Name>n</Name></Results>";
  const { mce } = replay("08-soap-delete-de-absent-310007.xml", 200, ...soap(retrieved(there)));
  expect(await deleteDataExtension(mce, { customerKey: "demo_key" })).toMatchObject({
    error: { kind: "rejected", code: "310007" },
  });
});

it("15: the reason why REST creates no query is passed on", async () => {
  replayed.add("15-rest-create-query-refusals.json");
  const cases = JSON.parse(recording("15-rest-create-query-refusals.json")) as {
    status: number;
    body: { message: string };
  }[];
  expect(cases).toHaveLength(3);
  for (const { status: httpStatus, body } of cases) {
    const { mce } = openStandIn([{ status: httpStatus, body: JSON.stringify(body) }]);
    expect(await createQueryByRest(mce, draft)).toEqual(rejected("0", body.message));
  }
});

it("16: the token endpoint's wait is in the body", async () => {
  expect(await replayToken("16-auth-429-retryafter-body.json", 429)).toEqual(
    err<MceFailure>({
      kind: "throttled",
      retry: "later",
      waitMs: 30_000,
      message: "Cannot do AUTH token now: MCE limits the rate of calls",
    }),
  );
});

it("17: REST's envelope at the token endpoint does not judge the credentials, and is kept", async () => {
  expect(await replayToken("17-auth-401-rest-envelope.json", 401)).toEqual(
    none("Cannot do AUTH token: the token endpoint answered 401: Unauthorized"),
  );
});

test("every recording is replayed", () => {
  const files = readdirSync(new URL("recordings/", import.meta.url)).filter((file) => file !== "README.md");
  expect([...replayed].toSorted()).toEqual(files.toSorted());
});
