import { spawn } from "node:child_process";
import { once } from "node:events";
import { access as reach } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withoutTenant } from "../../dev/tenant/variables.ts";
import { openSandbox, type Sandbox } from "../../sandbox/server.ts";
import { runProgram } from "../../scripts/run-program.ts";
import { openSandboxDoor } from "../flow/support/sandbox.ts";
import { tempDir } from "../support/temp-dir.ts";
import { access } from "./support/probe-world.ts";

const program = new URL("../../dev/probe.ts", import.meta.url).pathname;
let sandbox: Sandbox;
let variables: Record<string, string>;

beforeAll(async () => {
  sandbox = await openSandbox({ rows: 200 });
  const { subdomain, clientId, clientSecret, mid } = access;
  variables = {
    MCE_SUBDOMAIN: subdomain,
    MCE_CLIENT_ID: clientId,
    MCE_CLIENT_SECRET: clientSecret,
    MCE_MID: String(mid),
    MCE_SANDBOX_URL: sandbox.url,
  };
});
afterAll(() => sandbox.close());

const run = (words: readonly string[], env: Record<string, string>) => runProgram([program, ...words], { env });
const assets = async () => {
  const { folders, dataExtensions, queries } = await openSandboxDoor(sandbox.url).state();
  const names = [...folders.map(({ name }) => name), ...dataExtensions.map(({ key }) => key)];
  const active = queries.filter(({ status }) => status === "Active").map(({ key }) => key);
  return [...names, ...active].filter((name) => /probe/i.test(name));
};

describe("npm run probe", () => {
  it("prints its usage, and refuses a flag that it does not have", async () => {
    const helped = await run(["--help"], withoutTenant);
    expect([helped.code, helped.stderr]).toEqual([0, ""]);
    expect(helped.stdout).toContain("Usage: npm run probe [-- --out DIR]");
    const wrong = await run(["--fast"], withoutTenant);
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toMatch(/^Unknown option '--fast'[^]*Usage: npm run probe/);
  });

  it("names each variable that is missing on a line of its own", async () => {
    const ended = await run([], { ...variables, MCE_MID: "", MCE_CLIENT_ID: "" });
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "MCE_CLIENT_ID is missing; docs/own-tenant.md says what it is\nMCE_MID is missing; docs/own-tenant.md says what it is\n",
    });
  });

  it("says in one line what Marketing Cloud answered to wrong values", async () => {
    const wrong = await run([], { ...variables, MCE_CLIENT_SECRET: "not-the-secret" });
    expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toMatch(/^[^\n]*HTTP 401\): invalid_client: Client authentication failed\.[^\n]*\n$/);
    expect(wrong.stderr).not.toContain("not-the-secret");
  });

  it("removes what it has made at Ctrl-C, writes no files, and ends with 130", async () => {
    const out = await tempDir();
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, ["--no-warnings", program, "--out", out], {
      env: { PATH, HOME, ...variables },
    });
    let said = "";
    let printed = "";
    let there: string[] = [];
    child.stdout.on("data", (data) => (printed += String(data)));
    child.stderr.on("data", async (data) => {
      const before = said;
      said += String(data);
      if (!said.includes("a run of it") || before.includes("a run of it")) return;
      there = await assets();
      child.kill("SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    // Two folders, a table and a query.
    expect(there).toHaveLength(4);
    expect(await assets()).toEqual([]);
    expect(said).toMatch(/ {3}\d s +\d+ calls {2}a temporary table\n[^]*Stopping: [^]*Nothing of the probe is left/);
    expect([printed, said.includes(access.clientSecret)]).toEqual(["", false]);
    await expect(reach(join(out, "report.md"))).rejects.toThrow("ENOENT");
  });
});
