import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { inspect, type Asking, type Inspection } from "#inspect/inspect.ts";
import { openMetadata } from "#inspect/metadata.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { openSandbox } from "../../../sandbox/server.ts";
import { mceDeps, platformWith } from "../../support/platform.ts";

let sandbox: Awaited<ReturnType<typeof openSandbox>>;
// Files may share this module, but not their sandbox and its tokens.
let tokens = openTokenCache();
export const clock = { now: 0 };
let metadata = openMetadata(() => clock.now);

/** Opens a sandbox for the tests of a file, and resets it before each. */
export function useInspecting(): void {
  beforeAll(async () => {
    sandbox = await openSandbox({ port: 0 });
    tokens = openTokenCache();
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await ask("reset", {});
    await ask("behaviours", {});
    metadata = openMetadata(() => clock.now);
    await inspectSql("SELECT 1 AS a");
  });
}

/** Asks the sandbox's own door. */
export async function ask<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, init);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
  // The door's shapes are DESIGN 8's; each test names the part it reads.
  return (await answer.json()) as T;
}

/** What `inspect` is given, as the parent business unit where nothing else is said. */
export function asking({ mid = 7000001, ...overrides }: Partial<Asking> & { mid?: number } = {}): Asking {
  const access = { connectionId: "c", mid, eid: 7000001, clientId: "sandbox-client-a" };
  const account = { ...access, subdomain: "mcsandbox-enterprise-a000001", clientSecret: "sandbox-secret-a" };
  const mce = openMce(account, mceDeps({ tokens, sandboxUrl: sandbox.url }));
  const unit = { tenantId: "t", mid, eid: 7000001 };
  return { platform: platformWith(), mce, unit, metadata, validateTimeoutMs: 3000, ...overrides };
}

/** Inspects a query. */
export function inspectSql(sql: string, overrides?: Parameters<typeof asking>[0]): Promise<Inspection> {
  return inspect(sql, asking(overrides));
}

/** The calls MCE gets while something is done. */
export async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
  type Entries = { entries: { seq: number; event: string; call?: string }[] };
  const before = (await ask<Entries>("ledger")).entries.at(-1)?.seq ?? 0;
  await work();
  const { entries } = await ask<Entries>(`ledger?after=${before}`);
  return entries.flatMap(({ event, call }) => (event === "call" && call !== undefined ? [call] : [])).toSorted();
}

/** Makes a Data Extension of the parent's own. */
export async function make(name: string): Promise<void> {
  const { folders } = await ask<{ folders: { id: number; contentType: string; mid: number }[] }>("state");
  const folder = folders.find(({ contentType, mid }) => contentType === "dataextension" && mid === 7000001);
  const fields = [{ name: "Code", fieldType: "Text", maxLength: 12 }] as const;
  const draft = { customerKey: name.replaceAll(" ", "_"), name, folderId: folder?.id ?? -1, fields };
  expect(await createDataExtension(asking().mce, draft)).toMatchObject({ ok: true });
}

/** What was found, as `severity CODE`. */
export const codes = ({ checked }: Inspection) =>
  checked.diagnostics.map(({ code, severity }) => `${severity} ${code}`);
