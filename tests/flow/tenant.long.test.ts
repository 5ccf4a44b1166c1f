import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient } from "#client/client.ts";
import { accounts } from "../../sandbox/accounts.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { runProgram } from "../../scripts/run-program.ts";
import { withoutTenant } from "../../dev/tenant/variables.ts";
import { freePlace, pidsWith, startMain, stopAll } from "../dev/support/main-process.ts";
import { openSandboxDoor, type SandboxDoor } from "./support/sandbox.ts";

const [{ subdomain, clientId, clientSecret } = expect.unreachable()] = accounts;
const demo = new URL("../../dev/demo.ts", import.meta.url).pathname;
const longMs = 150_000;
let sandbox: Sandbox;
let door: SandboxDoor;
let variables: Record<string, string>;

// Another process' sandbox is the tenant: the stack under test has none of its own.
beforeAll(async () => {
  sandbox = await openSandbox();
  door = openSandboxDoor(sandbox.url);
  variables = {
    MCE_SUBDOMAIN: subdomain,
    MCE_CLIENT_ID: clientId,
    MCE_CLIENT_SECRET: clientSecret,
    MCE_MID: "7000011",
    MCE_SANDBOX_URL: sandbox.url,
  };
});
afterAll(async () => {
  await stopAll();
  await sandbox.close();
});

const assetsLeft = async () => {
  const { dataExtensions, queries } = await door.state();
  const active = queries.filter(({ status }) => status === "Active");
  return [...dataExtensions, ...active].map(({ key }) => key).filter((key) => key.startsWith("QPP_"));
};

async function filesWith(dir: string, word: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
  return files.filter((_file, index) => texts[index]?.includes(word));
}

it(
  "npm run demo -- SQL runs it in the tenant of the variables, and leaves nothing there",
  async () => {
    const sql = "SELECT TOP 3 FirstName, Country FROM Customers";
    const { code, stdout, stderr } = await runProgram([demo, sql], { env: { ...withoutTenant, ...variables } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("business unit 7000011 of Enterprise A (EID 7000001");
    expect(stdout).toMatch(/ready +3 rows[^]*FirstName[^]*Nothing is left in the folders/);
    expect(stdout).not.toContain(clientSecret);
    expect((await door.ledger()).filter(({ event }) => event === "perform")).toHaveLength(1);
    expect(await assetsLeft()).toEqual([]);
  },
  longMs,
);

it(
  "npm run demo cancels its run at Ctrl-C, and leaves nothing there",
  async () => {
    await door.behave({ durationMs: 60_000 });
    const words = ["--no-warnings", demo, "SELECT TOP 3 FirstName FROM Customers"];
    const { PATH, HOME, REDIS_URL } = process.env;
    const child = spawn(process.execPath, words, { env: { PATH, HOME, REDIS_URL, ...variables } });
    let said = "";
    child.stdout.on("data", (data) => {
      const before = said;
      said += String(data);
      if (said.includes("executing") && !before.includes("executing")) child.kill("SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(said).toMatch(/canceled[^]*Nothing is left in the folders/);
    expect(await assetsLeft()).toEqual([]);
    await door.behave({ durationMs: null });
  },
  longMs,
);

it(
  "npm run dev works on it without a sandbox, keeps the secret to itself, and removes results at its end",
  async () => {
    const main = await startMain(await freePlace(), variables);
    const { edge, tokens, ...file } = await main.file();
    expect([file.sandboxPid, file.sandbox, tokens.carol]).toEqual([undefined, sandbox.url, undefined]);
    expect(await pidsWith(main.stackId, "sandbox/main.ts")).toEqual([]);

    const run = await createClient({ url: edge, token: tokens.alice }).run("SELECT TOP 2 FirstName FROM Customers");
    expect((await run.done()).status).toBe("ready");
    // The query goes soon after, the table stays for the rows.
    await expect.poll(assetsLeft).toEqual([`QPP_${run.id}_1`]);

    expect(await filesWith(main.dir, clientSecret)).toEqual([]);
    const devVars = new URL("../../.dev.vars", import.meta.url).pathname;
    for (const path of [join(main.dir, "stack.json"), join(main.dir, "worker.env"), devVars]) {
      expect((await stat(path)).mode & 0o077).toBe(0);
      expect(await readFile(path, "utf8")).not.toContain(clientSecret);
    }
    await stopAll();
    expect(main.printed()).toContain("Nothing is left in the folders");
    expect(main.printed()).not.toContain(clientSecret);
    expect(await assetsLeft()).toEqual([]);
  },
  longMs,
);
