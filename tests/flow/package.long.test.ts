import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { tempDir } from "../support/temp-dir.ts";
import { chromiumTest, openBrowser, openPage } from "./support/chromium.ts";
import { builtPackage, start, type Called } from "./support/sqe.ts";
import { useSharedStack } from "./support/share-stack.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const stack = useSharedStack();
let project: string;
beforeAll(async () => {
  // A stranger's project that has installed the package.
  project = await tempDir();
  await mkdir(join(project, "node_modules"));
  await cp(await builtPackage(), join(project, "node_modules/sqe"), { recursive: true });
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
});

const readme = () => readFile(join(root, "README.md"), "utf8");

/** The first block of a language in README.md that has a text, as it stands. */
async function blockOf(language: string, text: string): Promise<string> {
  const blocks = [...(await readme()).matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const found = blocks.find(([, name, code]) => name === language && code?.includes(text));
  if (found?.[2] === undefined) throw new Error(`README.md has no ${language} block with ${text}`);
  return found[2];
}

describe("README.md", () => {
  const rows = [
    ["Pedro", "DE"],
    ["Maya", "ES"],
    ["Jürgen", "GB"],
  ];

  // The oldest Node of the package's engines may be the machine's own.
  const nodes = [process.execPath, "/usr/bin/node", "/usr/local/bin/node"].filter((path) => existsSync(path));
  it.each(nodes)("its five lines of client run as they stand, by %s", async (node) => {
    const code = await blockOf("js", "createClient");
    expect(code.trim().split("\n")).toHaveLength(5);
    const file = join(project, "five-lines.js");
    await writeFile(file, code);
    const env = { SQE_URL: stack.edge, SQE_TOKEN: stack.tokens.alice };
    const { code: exit, out, err }: Called = await start(node, [file], env).ended;
    expect(out).toBe(rows.map((row) => `${row.join(" ")}\n`).join(""));
    expect([exit, err]).toEqual([0, expect.stringMatching(/^queued\n(?:running\n)+ready\n$/)]);
  });

  it("its line of sqe runs as it stands, from the folder of the repository", async () => {
    const line = (await blockOf("sh", "npx sqe")).trim();
    expect(line.split("\n")).toHaveLength(1);
    const env = { SQE_DEV_DIR: stack.dir, HOME: await tempDir(), npm_config_offline: "true" };
    const { code, out } = await start("sh", ["-c", line], env).ended;
    const printed = out
      .trim()
      .split("\n")
      .map((row) => Object.values(JSON.parse(row)));
    expect([code, printed]).toEqual([0, rows]);
  });
});

describe("the package", () => {
  it("is type-checked by who installs it, without our types or packages", async () => {
    const use = `import { createClient, SqeError, type RunState, type Row } from "sqe";
      const sqe = createClient({ url: "https://sqe.example", token: async () => "t" });
      const run = await sqe.run("SELECT 1 AS A", { target: { customerKey: "K", mode: "append" } });
      for await (const now of run.watch({ after: 0 })) { const state: RunState = now; state.status satisfies string; }
      for await (const row of run.rows()) { const one: Row = row; one["A"] satisfies string | number | boolean | null | undefined; }
      try { await sqe.check("SELECT", { validate: false }); } catch (error) { if (error instanceof SqeError) error.code.trim(); }
      // @ts-expect-error: there is no such mode
      await sqe.run("SELECT 1 AS A", { target: { customerKey: "K", mode: "replace" } });
    `;
    await writeFile(join(project, "use.ts"), use);
    const options = {
      strict: true,
      noEmit: true,
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      types: [],
      skipLibCheck: false,
    };
    const modules = { module: "NodeNext", moduleResolution: "NodeNext", exactOptionalPropertyTypes: true };
    const config = { compilerOptions: { ...options, ...modules }, files: ["use.ts"] };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify(config));
    const { code, out } = await start(join(root, "node_modules/.bin/tsc"), ["-p", project], {}).ended;
    expect([code, out]).toEqual([0, ""]);
  });

  it("imports nothing, and its command nothing but Node", async () => {
    const imports = async (file: string) => {
      const text = await readFile(join(project, "node_modules/sqe", file), "utf8");
      return [...text.matchAll(/(?:^import\b[^;]*?from|^import|\bimport\() ?"([^"]+)"/gm)].map(
        ([, name]) => name ?? "",
      );
    };
    expect(await imports("sqe.js")).toEqual([]);
    expect((await imports("cli.js")).filter((name) => !name.startsWith("./") && !isBuiltin(name))).toEqual([]);
  });

  it("is judged good by publint and arethetypeswrong, and packed", () => {
    const printed = execFileSync("npm", ["run", "-s", "pack:client"], { cwd: root, encoding: "utf8" });
    expect(printed).toMatch(/All good!/);
    expect(printed.trim()).toMatch(/dist\/sqe-[\d.]+\.tgz$/);
  });
});

chromiumTest("/client/sqe.js runs in a browser, under the policy of the static files", async () => {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const { page, complaints } = await openPage(browser, `${stack.edge}/client/sqe.js`);
  // A text, because the tests' own loader would rewrite the import of a function.
  const program = `(async () => {
    const { createClient } = await import("/client/sqe.js");
    const sqe = createClient({ token: ${JSON.stringify(stack.tokens.alice)} });
    const run = await sqe.run("SELECT TOP 2 CustomerKey FROM Customers ORDER BY CustomerKey");
    const statuses = [];
    for await (const { status } of run.watch()) statuses.push(status);
    const rows = [];
    for await (const row of run.rows()) rows.push(row.CustomerKey);
    return { last: statuses.at(-1), rows };
  })()`;
  const result = await page.evaluate(program);
  expect(result).toEqual({ last: "ready", rows: ["CK-000001", "CK-000004"] });
  expect(complaints()).toEqual([]);
});
