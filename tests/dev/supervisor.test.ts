import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { saysReady, type Part } from "../../dev/stack/part.ts";
import { isAlive } from "../../dev/stack/process-table.ts";
import { openSupervisor, type Supervisor } from "../../dev/stack/supervisor.ts";
import { tempDir } from "../support/temp-dir.ts";

let logsDir: string;
let said: string[];
let groups: number[][];
let open: Supervisor[];

beforeEach(async () => {
  logsDir = await tempDir();
  said = [];
  groups = [];
  open = [];
});
afterEach(() => Promise.all(open.map((supervisor) => supervisor.stop())));

const ready = `process.send({ event: "READY" });`;
const forever = `setInterval(() => {}, 1000);`;

function part(name: string, source: string, more: Partial<Part> = {}): Part {
  const words = ["-e", source];
  return { name, program: process.execPath, words, env: {}, hasChannel: true, isReady: saysReady("READY"), ...more };
}

function supervise(more: { restarts?: boolean; onRestart?: () => Promise<void> } = {}): Supervisor {
  const supervisor = openSupervisor({
    logsDir,
    restarts: true,
    say: (line) => said.push(line),
    onGroups: (leaders) => groups.push(leaders),
    onRestart: () => Promise.resolve(),
    ...more,
  });
  open.push(supervisor);
  return supervisor;
}

function pidOf(supervisor: Supervisor, name: string): number {
  return supervisor.pidOf(name) ?? expect.unreachable(`${name} does not run`);
}

test("openSupervisor() names a part that was killed and restarts it within 2 s", async () => {
  const back = Promise.withResolvers<void>();
  const supervisor = supervise({ onRestart: () => Promise.resolve(back.resolve()) });
  await supervisor.start(part("worker", ready + forever));
  const before = pidOf(supervisor, "worker");
  const at = Date.now();
  process.kill(before, "SIGKILL");
  await back.promise;
  expect(Date.now() - at).toBeLessThan(2000);
  const after = pidOf(supervisor, "worker");
  expect(after).not.toBe(before);
  expect(await isAlive(after)).toBe(true);
  expect(said).toEqual([`worker ended (pid ${before}, signal SIGKILL); restarting it`]);
  expect(groups).toEqual([[before], [], [after]]);
});

test("openSupervisor() ends what a killed part had started before it restarts the part", async () => {
  const back = Promise.withResolvers<void>();
  const supervisor = supervise({ onRestart: () => Promise.resolve(back.resolve()) });
  const source = `const { pid } = require("node:child_process").spawn("sleep", ["600"]); console.log(pid);`;
  await supervisor.start(part("parent", source + ready + forever));
  const child = Number((await readFile(join(logsDir, "parent.log"), "utf8")).trim());
  expect(await isAlive(child)).toBe(true);
  process.kill(pidOf(supervisor, "parent"), "SIGKILL");
  await back.promise;
  expect(await isAlive(child)).toBe(false);
});

test("openSupervisor() leaves a part dead where restarts are off", async () => {
  const supervisor = supervise({ restarts: false });
  await supervisor.start(part("worker", ready + forever));
  const pid = pidOf(supervisor, "worker");
  process.kill(pid, "SIGKILL");
  await expect.poll(() => said).toEqual([`worker ended (pid ${pid}, signal SIGKILL)`]);
  expect(supervisor.pidOf("worker")).toBeUndefined();
});

test("start() shows the end of the log of a part that ends before it is ready", async () => {
  const supervisor = supervise();
  const start = supervisor.start(part("worker", `console.error("no database"); process.exit(3)`));
  await expect(start).rejects.toThrow(/^Cannot start worker: pid \d+, exit code 3; its log ends with\nno database$/);
});

test("start() gives up on a part whose log says that it waits for input", async () => {
  const start = supervise().start(
    part("worker", `console.log("Build failed");` + forever, { hopeless: /Build failed/ }),
  );
  await expect(start).rejects.toThrow("Cannot start worker: it waits for a change");
});

test("start() reports a program that does not exist", async () => {
  const start = supervise().start(part("worker", "", { program: "/no/such/program" }));
  await expect(start).rejects.toThrow("Cannot start worker: the program could not be started");
});

test("stop() ends a part that ignores SIGTERM, and restarts nothing", async () => {
  const supervisor = supervise();
  await supervisor.start(part("deaf", `process.on("SIGTERM", () => {});` + ready + forever));
  const pid = pidOf(supervisor, "deaf");
  await supervisor.stop();
  expect(await isAlive(pid)).toBe(false);
  expect(said).toEqual([]);
});
