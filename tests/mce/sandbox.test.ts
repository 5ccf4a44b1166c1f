import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSandbox } from "../../sandbox/server.ts";
import { openMce, type Mce } from "../../src/mce/client.ts";
import type { Answer } from "../../src/mce/failure.ts";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { readRowset } from "../../src/mce/rest/rowset.ts";
import { validateQuery } from "../../src/mce/rest/validate.ts";
import { readAsyncStatus } from "../../src/mce/soap/async-status.ts";
import { createDataExtension, deleteDataExtension, findDataExtensions } from "../../src/mce/soap/data-extension.ts";
import { readFields } from "../../src/mce/soap/field.ts";
import { createFolder, findFolders } from "../../src/mce/soap/folder.ts";
import { performQuery } from "../../src/mce/soap/perform.ts";
import {
  createQueryDefinition,
  deleteQueryDefinition,
  findQueryDefinitions,
} from "../../src/mce/soap/query-definition.ts";
import { mceDeps } from "../support/platform.ts";

let sandbox: Awaited<ReturnType<typeof openSandbox>>;
let mce: Mce;

beforeAll(async () => {
  sandbox = await openSandbox({ port: 0 });
  mce = open(7000001);
});
afterAll(async () => {
  await sandbox.close();
});

function open(mid: number): Mce {
  return openMce(
    {
      connectionId: "c_1",
      eid: 7000001,
      mid,
      subdomain: "mcsandbox-enterprise-a000001",
      clientId: "sandbox-client-a",
      clientSecret: "sandbox-secret-a",
    },
    mceDeps({ sandboxUrl: sandbox.url }),
  );
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.error.kind}: ${answer.error.message}`);
  return answer.value;
}

/** Moves the sandbox's clock far enough for everything it has queued. */
async function later(): Promise<void> {
  await post("/sandbox/clock", { advanceMs: 60_000 });
}

async function post(path: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(new URL(path, sandbox.url), { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
}

async function makeFolder(contentType: "dataextension" | "queryactivity", name: string): Promise<number> {
  const root = valueOf(await findFolders(mce, { contentType })).find(({ parentId }) => parentId === 0);
  return valueOf(await createFolder(mce, { name, description: "d", contentType, parentId: root?.id ?? -1 })).id;
}

describe("the client against the sandbox", () => {
  it("goes all the way from a folder to rows and cleans up", async () => {
    const name = "MCE client test";
    const folderId = await makeFolder("dataextension", name);
    const queryFolderId = await makeFolder("queryactivity", name);
    expect(valueOf(await findFolders(mce, { contentType: "dataextension" })).map(({ id }) => id)).toContain(folderId);

    const customerKey = "MCE_CLIENT_1";
    const sql =
      "SELECT TOP 3 SubscriberKey, EmailAddress AS Email FROM _Subscribers\r\nWHERE 'a<b&c' = 'a<b&c' ORDER BY SubscriberKey";
    expect(valueOf(await validateQuery(mce, { sql }))).toMatchObject({ valid: true, errors: [] });
    const fields = [
      { name: "SubscriberKey", fieldType: "Text", maxLength: 254 },
      { name: "Email", fieldType: "EmailAddress", maxLength: 254 },
      { name: "Amount", fieldType: "Decimal", precision: 18, scale: 4 },
    ] as const;
    const draft = { customerKey, name: customerKey, folderId, fields, retention: { days: 2 } };
    const { objectId } = valueOf(await createDataExtension(mce, draft));
    expect(valueOf(await findDataExtensions(mce, { customerKeys: [customerKey, "nobody"] }))).toMatchObject([
      { objectId, customerKey, name: customerKey, folderId },
    ]);
    expect(valueOf(await readFields(mce, { customerKeys: [customerKey] }))).toMatchObject(
      fields.map((field, ordinal) => ({ ...field, ordinal, dataExtensionKey: customerKey })),
    );
    expect(await createDataExtension(mce, draft)).toMatchObject({ error: { kind: "rejected" } });

    const query = valueOf(
      await createQueryDefinition(mce, {
        customerKey,
        name: customerKey,
        folderId: queryFolderId,
        sql,
        target: { customerKey, name: customerKey },
        updateType: "Overwrite",
      }),
    );
    expect(valueOf(await findQueryDefinitions(mce, { customerKey }))).toMatchObject([query]);
    const { taskId } = valueOf(await performQuery(mce, query));
    await later();
    expect(valueOf(await readAsyncStatus(mce, { taskId }))).toMatchObject({ status: "Complete", errorMsg: "" });
    expect(valueOf(await isQueryRunning(mce, query))).toBe(false);

    const first = valueOf(await readRowset(mce, { customerKey, page: 1, pageSize: 2 }));
    expect(first?.count).toBe(3);
    const requestToken = first?.requestToken ?? "";
    const second = valueOf(await readRowset(mce, { requestToken, page: 2, pageSize: 2 }));
    const rows = [...(first?.items ?? []), ...(second?.items ?? [])];
    expect(new Set(rows.map(({ subscriberkey }) => subscriberkey)).size).toBe(3);
    // Without a key of its own a row also has `_customobjectkey`, or not (MCE 7.1).
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(["amount", "email", "subscriberkey"]));
    expect(first?.tokenExpiresAt).toBeGreaterThan(Date.now());

    expect(valueOf(await deleteQueryDefinition(mce, query))).toBe("deleted");
    expect(valueOf(await deleteQueryDefinition(mce, query))).toBe("absent");
    expect(valueOf(await findQueryDefinitions(mce, { customerKey }))).toEqual([]);
    expect(
      valueOf(await findQueryDefinitions(mce, { folderId: queryFolderId, createdBefore: Date.now() + 120_000 })),
    ).toEqual([]);
    expect(valueOf(await deleteDataExtension(mce, { customerKey }))).toBe("deleted");
    expect(valueOf(await deleteDataExtension(mce, { customerKey }))).toBe("absent");
    expect(valueOf(await readRowset(mce, { customerKey, page: 1, pageSize: 2 }))).toBeUndefined();
  });

  it("returns no row for an unknown task", async () => {
    expect(valueOf(await readAsyncStatus(mce, { taskId: "999999999" }))).toBeUndefined();
  });

  it("is refused in a business unit the package is not for", async () => {
    expect(await findFolders(open(4711), { contentType: "dataextension" })).toMatchObject({
      error: { kind: "unauthorized" },
    });
  });
});
