import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freePortBase } from "../../dev/stack/ports.ts";
import { tempDir } from "../support/temp-dir.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

const commands = ["npm ci && npm run demo", "npm ci && npm run dev"];
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
  function start(line: string, portBase: number) {
    const { PATH = "", HOME, TMPDIR } = process.env;
    const path = PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"));
    const env = { HOME, TMPDIR, PATH: path.join(delimiter), PORT_BASE: String(portBase) };
    const child = spawn("bash", ["-c", line], { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
    /** What a terminal does on Ctrl-C: every process of the line gets it. */
    const interrupt = () => child.pid !== undefined && process.kill(-child.pid, "SIGINT");
    onTestFinished(() => void (child.exitCode === null && child.signalCode === null && interrupt()));
    return { closed: once(child, "close"), said: () => said.slice(-4000), interrupt };
  }

  it("has two lines", () => expect(lines.map((line) => line.replace(/ +#.*/, ""))).toEqual(commands));

  it(
    "has a demo that ends well",
    async () => {
      const demo = start(lines[0] ?? "", await freePortBase());
      const [code] = await demo.closed;
      expect({ code, said: demo.said() }).toEqual({ code: 0, said: expect.any(String) });
    },
    patienceMs,
  );

  it(
    "has a stack whose console answers until Ctrl-C",
    async () => {
      const portBase = await freePortBase();
      const dev = start(lines[1] ?? "", portBase);
      const console = `http://127.0.0.1:${portBase}/`;
      await expect.poll(dev.said, { timeout: patienceMs }).toMatch(`Console                 ${console}\n`);
      expect(await (await fetch(console)).text()).toMatch(/<script type="module"[^>]* src="\/assets\//);
      dev.interrupt();
      expect(await dev.closed).toEqual([0, null]);
      expect(dev.said()).toMatch(/^Stopped$/m);
      await expect(fetch(console)).rejects.toThrow("fetch failed");
    },
    patienceMs,
  );
});
