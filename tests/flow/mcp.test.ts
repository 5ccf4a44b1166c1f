import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { decodeJwt, SignJWT } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readEnvironment } from "../../dev/stack/stack-files.ts";
import { openApi } from "./support/api.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";
import { useSharedStack } from "./support/share-stack.ts";

const stack = useSharedStack();
let sandbox: SandboxDoor;
beforeAll(async () => {
  sandbox = openSandboxDoor(stack.sandbox);
  await setMcp(true);
});
afterAll(() => setMcp(false));

/** A call of the API with a token. */
async function ask<T>(method: string, path: string, token: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${stack.edge}${path}`, init);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  // The tests assert what they read of it.
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Alice's token with other claims. */
async function tokenWith(claims: Record<string, unknown>): Promise<string> {
  const secret = /^JWT_SECRET="?([^"\n]+)/m.exec(await readEnvironment(stack.dir, "worker"))?.[1] ?? "";
  return new SignJWT({ ...decodeJwt(stack.tokens.alice), ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
}

const administrator = () => tokenWith({ role: "administrator" });

/** An administrator turns assistants on or off for alice's tenant. */
async function setMcp(mcp: boolean): Promise<void> {
  await ask("PATCH", "/v1/tenant", await administrator(), { mcp });
}

/** The SDK's own client, signed in. @param mode `legacy`: as clients of 2025 speak; else by the newest revision */
async function connect(mode: "auto" | "legacy" = "auto", token = stack.tokens.alice): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${stack.edge}/mcp`), { requestInit }));
  onTestFinished(() => client.close());
  return client;
}

type Page = { page: number; rows: unknown[][] };
/** What the tests read of answers; they assert what they read. */
type Body = {
  id: string;
  status: string;
  page: Page;
  rows: unknown[][];
  tables: unknown[];
  fields: unknown[];
  ok: boolean;
  diagnostics: { severity: string }[];
};

/** Calls a tool, and reads the JSON that it tells. */
async function use(
  client: Client,
  name: string,
  args: object = {},
  onProgress?: (message: string) => void,
): Promise<{ isError: boolean; body: Body }> {
  const options = onProgress && {
    onprogress: ({ message = "" }: { message?: string | undefined }) => onProgress(message),
  };
  const { content, isError = false } = await client.callTool({ name, arguments: { ...args } }, options);
  const [part] = content;
  if (part?.type !== "text") throw new Error(`${name} told no text`);
  return { isError, body: JSON.parse(part.text) };
}

const sql = "SELECT TOP 120 CustomerKey, Country FROM Customers ORDER BY CustomerKey";

test.each(["auto", "legacy"] as const)("a client finds the tools, with hints that are true (%s)", async (mode) => {
  const client = await connect(mode);
  const { tools } = await client.listTools();
  const hints = tools.map(({ name, annotations: { readOnlyHint, destructiveHint } = {} }) => [
    name,
    readOnlyHint === true ? "reads" : destructiveHint === false ? "adds" : "ends",
  ]);
  expect(Object.fromEntries(hints)).toEqual({
    check_sql: "reads",
    list_tables: "reads",
    describe_table: "reads",
    run_sql: "adds",
    get_run: "reads",
    read_page: "reads",
    cancel_run: "ends",
  });
  expect(client.getInstructions()).toContain("one SELECT");
  expect((await use(client, "check_sql", { sql: "SELECT 1 AS A" })).body).toMatchObject({ ok: true });
});

test("an assistant finds a table, checks a query, runs it and reads its rows, 50 an answer", async () => {
  const client = await connect();
  const { body: listed } = await use(client, "list_tables", { q: "customers" });
  expect(listed.tables).toEqual(expect.arrayContaining([expect.objectContaining({ name: "Customers" })]));
  const { body: table } = await use(client, "describe_table", { name: "Customers" });
  expect(table.fields[0]).toMatchObject({ name: "CustomerKey", type: "Text", isPrimaryKey: true });
  const wrong = await use(client, "check_sql", { sql: "SELECT CustomerKye FROM Customers" });
  const errors = wrong.body.diagnostics.filter(({ severity }) => severity === "error");
  expect([wrong.body.ok, errors]).toMatchObject([false, [{ column: 8, edits: [{ text: "CustomerKey" }] }]]);

  const seen: string[] = [];
  const { body: run } = await use(client, "run_sql", { sql, name: "by assistant" }, (message) => seen.push(message));
  expect(run).toMatchObject({ status: "ready", rowCount: 120, page: { page: 1, pages: 3, pageSize: 50 } });
  expect(run.page.rows).toHaveLength(50);
  expect(run.page.rows[0]).toEqual(["CK-000001", "DE"]);
  expect(seen[0]).toBe("queued");
  expect(seen.at(-1)).toBe("ready");
  const { body: third } = await use(client, "read_page", { id: run.id, page: 3 });
  expect([third.page, third.rows.length]).toEqual([3, 20]);
  const { body: found } = await use(client, "read_page", { id: run.id, find: "CK-000004", sort: "Country" });
  expect(found.rows).toEqual([["CK-000004", "ES"]]);
  // It is a run like any other, of the same user.
  expect(await openApi(stack).read(run.id)).toMatchObject({ status: "ready", snippetName: "by assistant" });
});

test("a run that takes long is waited for by its id, and can be canceled", async () => {
  await sandbox.behave({ durationMs: 2000 });
  onTestFinished(async () => void (await sandbox.behave({ durationMs: 300 })));
  const client = await connect();
  const { id } = await openApi(stack).submit("SELECT TOP 1 CustomerKey FROM Customers");
  for (let status = ""; status !== "ready";) status = (await use(client, "get_run", { id })).body.status;
  expect((await use(client, "get_run", { id })).body).toMatchObject({
    status: "ready",
    page: { rows: [[expect.any(String)]] },
  });
  const slow = await openApi(stack).submit(sql);
  expect((await use(client, "cancel_run", { id: slow.id })).body).toEqual({ id: slow.id, status: "canceled" });
});

test("what the API refuses is told as an error that a model can act on", async () => {
  const client = await connect();
  expect(await use(client, "run_sql", { sql: "DELETE FROM Customers" })).toMatchObject({
    isError: true,
    body: { code: "SQL_REJECTED", diagnostics: [{ line: 1, column: 1 }] },
  });
  expect(await use(client, "describe_table", { name: "Custmers" })).toMatchObject({
    isError: true,
    body: { code: "TABLE_NOT_FOUND", near: expect.arrayContaining(["Customers"]) },
  });
  const ofBob = await openApi(stack, "bob").submit("SELECT TOP 1 CustomerKey FROM Customers");
  for (const name of ["get_run", "read_page", "cancel_run"])
    expect(await use(client, name, { id: ofBob.id })).toMatchObject({ isError: true, body: { code: "RUN_NOT_FOUND" } });
  // No tool takes a target: what is not in its shape never arrives.
  const target = { customerKey: "VIP_Audience", mode: "overwrite" };
  const { body: run } = await use(client, "run_sql", { sql: "SELECT TOP 1 CustomerKey FROM Customers", target });
  expect(await openApi(stack).read(run.id)).toMatchObject({ flow: "run-to-temp" });
});

test("a tool may do what its credential may do, and nothing more", async () => {
  const reader = await connect("auto", await tokenWith({ scopes: ["mcp", "runs:read", "tables:read"] }));
  expect((await use(reader, "list_tables", { limit: 1 })).isError).toBe(false);
  expect(await use(reader, "run_sql", { sql })).toMatchObject({ isError: true, body: { missing: "runs:write" } });
  await expect(connect("legacy", await tokenWith({ scopes: ["runs:read"] }))).rejects.toThrow(/403|scope mcp/);
});

test("an API key lets an assistant in until it is revoked; what it does is in the audit log", async () => {
  const scopes = ["mcp", "tables:read"];
  const { id, key } = await ask<{ id: string; key: string }>("POST", "/v1/keys", stack.tokens.alice, {
    name: "assistant",
    scopes,
  });
  const client = await connect("auto", key);
  expect((await use(client, "list_tables", { limit: 1 })).isError).toBe(false);
  await ask("DELETE", `/v1/keys/${id}`, stack.tokens.alice);
  await expect(use(client, "list_tables")).rejects.toThrow(/401/);
  type Entries = { entries: { action: string; userId: string; detail?: object }[] };
  const last = async () => (await ask<Entries>("GET", "/v1/audit?limit=3", await administrator())).entries;
  await expect
    .poll(last)
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: "mcp", userId: "alice", detail: { tool: "list_tables" } }),
      ]),
    );
});

test("nobody gets in without a token, nor while the tenant has assistants turned off", async () => {
  const off = /403|turned off for your tenant/;
  await expect(connect("legacy", "nothing")).rejects.toThrow(/401/);
  await expect(connect("legacy", stack.tokens.carol)).rejects.toThrow(off);
  await setMcp(false);
  onTestFinished(() => setMcp(true));
  for (const mode of ["auto", "legacy"] as const) await expect(connect(mode)).rejects.toThrow(off);
});
