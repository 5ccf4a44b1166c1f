import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ServiceStatus } from "#protocol/service-status.ts";
import { readSettings } from "../../scripts/settings/read-settings.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openApi } from "./support/api.ts";
import { startStack, type TestStack } from "./support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Ended = { code: number | null; printed: string; complained: string; ms: number };

/** Runs one of the operator's commands as npm does, in a folder of its own. */
async function run(name: "doctor" | "status", words: string[], { cwd = stack.dir, env = {} } = {}): Promise<Ended> {
  const program = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url));
  const { PATH, HOME } = process.env;
  const from = performance.now();
  const child = spawn(process.execPath, ["--no-warnings", "--", program, ...words], {
    cwd,
    env: { PATH, HOME, SQE_DEV_DIR: stack.dir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, complained] = ["", ""];
  child.stdout.on("data", (text) => (printed += String(text)));
  child.stderr.on("data", (text) => (complained += String(text)));
  const [code] = await once(child, "close");
  return { code, printed, complained, ms: performance.now() - from };
}

/** The settings of both programs as an operator has them: in files. */
async function envFiles(change: (text: string) => string = (text) => text): Promise<string[]> {
  const dir = await tempDir();
  for (const name of ["worker.env", "bridge.env"]) {
    await cp(join(stack.dir, name), join(dir, name));
    await writeFile(join(dir, name), change(await readFile(join(dir, name), "utf8")));
  }
  return ["worker.env", "bridge.env"].flatMap((name) => ["--env-file", join(dir, name)]);
}

describe("npm run doctor", () => {
  test("looks at the local stack within 10 s, and exits with 0", async () => {
    const { code, printed, complained, ms } = await run("doctor", []);
    expect([code, complained]).toEqual([0, ""]);
    expect(printed).toMatch(/^Looking at the local stack in /);
    expect(printed).toMatch(/ {2}✔ The Worker takes the bridge's signature\n/);
    expect(printed).toMatch(/\n\d\d in order, 0 broken, 1 not looked at\n$/);
    expect(ms).toBeLessThan(10_000);
  });

  test("looks at settings in files, says what is broken, what it means and what to do, and exits with 1", async () => {
    const words = await envFiles((text) => text.replace(/^BRIDGE_SECRET=.*$/m, "BRIDGE_SECRET=too-short"));
    const { code, printed } = await run("doctor", words, { env: { SQE_DEV_DIR: "/nowhere" } });
    expect(code).toBe(1);
    expect(printed).toContain(
      "✘ bridge: BRIDGE_SECRET is missing or malformed\n      means: The bridge does not start\n      do:    Set it",
    );
    expect(printed).toContain("✘ The Worker refuses the bridge's signature");
    expect(printed).not.toContain("too-short");
  });

  test("prints JSON for programs", async () => {
    const { code, printed } = await run("doctor", ["--json"]);
    const { examined } = JSON.parse(printed) as {
      examined: { id: string; ms: number; findings: { state: string }[] }[];
    };
    expect([code, examined.map(({ id }) => id)]).toEqual([
      0,
      [
        "machine",
        "variables",
        "secrets",
        "edge",
        "bridges",
        "redis",
        "redis-road",
        "postgres",
        "projection",
        "mce",
        "cron",
      ],
    ]);
  });

  test.each([
    ["there is no stack", [], /^Cannot find settings: no stack runs in/],
    ["a file is not there", ["--env-file", "/no/such/file"], /^Cannot read \/no\/such\/file\n$/],
    ["a file is of neither program", ["--env-file", "/dev/null"], /^Cannot tell which program \/dev\/null is for/],
    ["an option is unknown", ["--fix"], /--fix/],
  ] as const)("exits with 2 when %s", async (_why, words, said) => {
    const { code, complained } = await run("doctor", [...words], { env: { SQE_DEV_DIR: await tempDir() } });
    expect([code, complained]).toEqual([2, expect.stringMatching(said)]);
  });

  test("--bundle writes one file that only its owner reads, with no secret, SQL, row, token or user in it", async () => {
    const canary = "Canary4711";
    const alice = openApi(stack);
    const { id } = await alice.submit(`SELECT TOP 3 FirstName AS ${canary} FROM Customers`, {
      snippetName: `${canary} snippet`,
    });
    expect((await alice.over(id)).status).toBe("ready");
    const page = await alice.page(id, 1);
    const cwd = await tempDir();
    const { code, printed } = await run("doctor", ["--bundle"], { cwd });
    const [name = "", ...more] = await readdir(cwd);
    expect([code, printed, more]).toEqual([0, expect.stringContaining(join(cwd, name)), []]);
    expect((await stat(join(cwd, name))).mode & 0o777).toBe(0o600);
    const text = await readFile(join(cwd, name), "utf8");
    const settings = await readSettings([], stack.dir);
    const isSecret = (variable: string) =>
      /SECRET|TOKEN|KEYS|URL/.test(variable) && !/EDGE_URL|ENDPOINT|SANDBOX/.test(variable);
    const secrets = [settings.worker, settings.bridge].flatMap((variables = {}) =>
      Object.entries(variables).flatMap(([variable, value = ""]) => (isSecret(variable) ? [value] : [])),
    );
    const passwords = secrets.flatMap((secret) => URL.parse(secret)?.password || []);
    const rows = page.rows.flat().map((value) => `"${value}"`);
    const canaries = [
      canary,
      ...Object.values(stack.tokens),
      ...secrets,
      ...passwords,
      ...rows,
      "alice",
      "sandbox-secret",
    ];
    expect(canaries.filter((secret) => secret !== "" && text.includes(secret))).toEqual([]);
    // And yet it says something.
    const bundle = JSON.parse(text) as { bridgeLog: { event: string; runId?: string }[]; status: unknown };
    expect(bundle.bridgeLog.filter(({ runId }) => runId === id).map(({ event }) => event)).toContain("claimed");
    expect(ServiceStatus.safeParse(bundle.status).success).toBe(true);
  });

  test("--bundle masks a secret that slipped into a log", async () => {
    const { JWT_SECRET: secret = "" } = (await readSettings([], stack.dir)).worker ?? {};
    const log = join(stack.dir, "logs", "bridge.log");
    await chmod(log, 0o600);
    const line = {
      at: new Date().toISOString(),
      event: "bug",
      why: `it said ${secret} and ${stack.tokens.bob}`,
      sql: "SELECT x",
    };
    await writeFile(log, `${await readFile(log, "utf8")}${JSON.stringify(line)}\n`);
    const cwd = await tempDir();
    await run("doctor", ["--bundle"], { cwd });
    const [name = ""] = await readdir(cwd);
    const text = await readFile(join(cwd, name), "utf8");
    expect(text).toContain("it said (secret) and (token)");
    expect(text).not.toContain("SELECT x");
  });
});

describe("npm run status", () => {
  test("prints how the service stands, with the bridge that runs", async () => {
    const { code, printed } = await run("status", []);
    expect(code).toBe(0);
    expect(printed).toMatch(/^Worker +version \d+\.\d+\.\d+$/m);
    expect(printed).toMatch(/^queue +0 on the intake/m);
    expect(printed).toMatch(new RegExp(`^\\S+ +${stack.now().bridgePid} +\\d+\\.\\d+\\.\\d+ +\\d+ (s|min)`, "m"));
    expect(printed).toMatch(/ never$/m);
  });

  test("--json prints the answer of the API, with the token of an operator who has no JWT_SECRET", async () => {
    const words = await envFiles((text) => text.replace(/^JWT_SECRET=.*\n/m, ""));
    const lost = await run("status", ["--json", ...words]);
    expect([lost.code, lost.complained]).toEqual([
      2,
      "Cannot tell how the service stands: SQE_TOKEN is not given; npm run admin -- operator-keys create makes one\n",
    ]);
    const { code, printed } = await run("status", ["--json", ...words], { env: { SQE_TOKEN: stack.tokens.operator } });
    expect([code, ServiceStatus.parse(JSON.parse(printed)).bridges?.length]).toEqual([0, 1]);
  });

  test("shows a bridge no longer that has stopped", async () => {
    const pid = stack.now().bridgePid ?? 0;
    process.kill(pid, "SIGTERM");
    await vi.waitFor(
      async () => {
        const { bridges = [] } = ServiceStatus.parse(JSON.parse((await run("status", ["--json"])).printed));
        expect(bridges.map((bridge) => bridge.pid)).not.toContain(pid);
      },
      { timeout: 30_000, interval: 200 },
    );
  });
});
