import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { tempDir } from "../support/temp-dir.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

const commands = ["npm ci && npm run demo", "npm ci && npm test"];
/** A clone installs its packages, and starts everything, on a busy machine. */
const patienceMs = 10 * 60_000;

describe("README.md, in a fresh clone of this commit", () => {
  let dir: string;
  let lines: string[];
  beforeAll(async () => {
    dir = await tempDir();
    execFileSync("git", ["clone", "--quiet", project, dir]);
    const [, block = ""] =
      /^## Two commands\n\n```sh\n(.*?)^```$/ms.exec(readFileSync(join(dir, "README.md"), "utf8")) ?? [];
    lines = block.trim().split("\n");
  });

  /** Runs a line as a stranger's shell does: with nothing of this process' packages and settings. */
  async function run(line: string): Promise<{ code: unknown; said: string }> {
    const { PATH = "", HOME, TMPDIR } = process.env;
    const path = PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"));
    const env = { HOME, TMPDIR, PATH: path.join(delimiter) };
    const child = spawn("bash", ["-c", line], { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
    const [code] = await once(child, "close");
    return { code, said: said.slice(-4000) };
  }

  it("has two lines", () => expect(lines.map((line) => line.replace(/ +#.*/, ""))).toEqual(commands));

  it(
    "has a demo that ends well",
    async () => expect(await run(lines[0] ?? "")).toEqual({ code: 0, said: expect.any(String) }),
    patienceMs,
  );

  // Run here, every test would run twice in CI, which starts in a fresh clone, too.
  it("has tests that CI runs by the same two commands", () => {
    const { scripts } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    expect(readFileSync(join(dir, ".ci/run"), "utf8")).toMatch(/^npm ci\n(#.*\n)*npm run check\b/m);
    expect(scripts.check).toMatch(/ && npm test$/);
  });
});
