import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readStart } from "../../sandbox/profile-file.ts";
import { openSandbox } from "../../sandbox/server.ts";
import { runProgram } from "../../scripts/run-program.ts";
import { readCapabilities } from "../../src/queue-bridge/capabilities-files.ts";
import { openSandboxDoor } from "../flow/support/sandbox.ts";
import { tempDir } from "../support/temp-dir.ts";
import { access } from "./support/probe-world.ts";

const program = new URL("../../dev/probe.ts", import.meta.url).pathname;
const longMs = 240_000;

it(
  "npm run probe writes a report, capabilities that a bridge reads, and a profile that a sandbox starts with",
  async () => {
    const sandbox = await openSandbox({ rows: 200, profile: "hostile" });
    const door = openSandboxDoor(sandbox.url);
    const { subdomain, clientId, clientSecret, mid, eid } = access;
    const out = join(await tempDir(), "deep", "results");
    const env = {
      MCE_SUBDOMAIN: subdomain,
      MCE_CLIENT_ID: clientId,
      MCE_CLIENT_SECRET: clientSecret,
      MCE_MID: String(mid),
      MCE_SANDBOX_URL: sandbox.url,
    };
    const before = await door.state();
    const { code, stdout, stderr } = await runProgram([program, "--out", out], { env });
    expect(code).toBe(0);
    const calls = (await door.ledger()).filter(({ event }) => event === "call");
    expect(stderr).toContain(`${calls.length} calls in`);
    expect(calls.length).toBeLessThanOrEqual(150);

    const files = ["report.md", "capabilities.json", "sandbox-profile.json"].map((name) => join(out, name));
    const [report = "", capabilities = "", profile = ""] = files;
    for (const file of files) expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(report, "utf8")).toBe(stdout);
    for (const word of [clientSecret, clientId, subdomain, String(mid), String(eid)])
      expect(stdout).not.toContain(word);
    expect(await readCapabilities([capabilities])).toEqual([
      expect.objectContaining({ eid, mid, retention: false, reasons: "rest", rowset: true }),
    ]);
    expect(readStart(profile).switches).toMatchObject({
      statusStuck: true,
      validateDown: true,
      keylessKeys: "missing",
    });

    const after = await door.state();
    const active = (state: typeof after) => state.queries.filter(({ status }) => status === "Active");
    expect([after.folders, after.dataExtensions, active(after)]).toEqual([
      before.folders,
      before.dataExtensions,
      active(before),
    ]);
    await sandbox.close();
  },
  longMs,
);

it("npm run probe ends before its first call when its files have no place, a value is odd, or a word is strayed", async () => {
  const sandbox = await openSandbox({ rows: 200 });
  const { subdomain, clientId, clientSecret, mid } = access;
  const env = {
    MCE_SUBDOMAIN: subdomain,
    MCE_CLIENT_ID: clientId,
    MCE_CLIENT_SECRET: clientSecret,
    MCE_MID: String(mid),
    MCE_SANDBOX_URL: sandbox.url,
  };
  const file = join(await tempDir(), "file");
  await writeFile(file, "");
  const below = await runProgram([program, "--out", join(file, "below")], { env });
  expect([below.code, below.stdout]).toEqual([1, ""]);
  expect(below.stderr).toContain(`${join(file, "below")} cannot be made (ENOTDIR)`);
  const odd = await runProgram([program], { env: { ...env, MCE_MID: "seven" } });
  expect([odd.code, odd.stderr]).toEqual([
    1,
    expect.stringMatching(/^[^\n]*MCE_MID is not a business unit's number\n$/),
  ]);
  expect((await runProgram([program, "somewhere"], { env })).code).toBe(2);
  const calls = (await openSandboxDoor(sandbox.url).ledger()).filter(({ event }) => event === "call");
  // Only the first of them signed in.
  expect(calls.map(({ call }) => call)).toEqual(["AUTH token", "AUTH userinfo"]);
  await sandbox.close();
});
