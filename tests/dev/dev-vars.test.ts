import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeDevVars } from "../../dev/stack/dev-vars.ts";
import { drawSecrets, workerEnvironment } from "../../dev/stack/environment.ts";
import { writeEnvironment } from "../../dev/stack/stack-files.ts";
import { readConfig } from "../../src/worker/config.ts";
import { tempDir } from "../support/temp-dir.ts";

const addresses = {
  edge: "http://127.0.0.1:1",
  sandbox: "http://127.0.0.1:2",
  postgres: "http://127.0.0.1:3",
  upstash: "http://127.0.0.1:4",
  redis: "redis://127.0.0.1:5",
};
let dir: string;
let path: string;

beforeAll(async () => {
  dir = await tempDir();
  path = join(dir, ".dev.vars");
});

const readLines = async (file: string) =>
  (await readFile(file, "utf8")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const namesOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf("=")));

test("writeDevVars() writes what the Worker needs, and again for the next stack", async () => {
  for (let stack = 0; stack < 2; stack += 1) {
    const environment = workerEnvironment({}, addresses, drawSecrets());
    await writeEnvironment(dir, "worker", environment);
    await writeDevVars(dir, path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    const lines = await readLines(path);
    expect(lines).toEqual(Object.entries(environment).map(([name, value]) => `${name}=${value}`));
    expect(readConfig(Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)))).SQE_ENV).toBe("development");
  }
});

test("writeDevVars() does not touch a file of the user's", async () => {
  const own = join(dir, "own.vars");
  await writeFile(own, "JWT_SECRET=mine\n");
  await writeDevVars(dir, own);
  expect(await readFile(own, "utf8")).toBe("JWT_SECRET=mine\n");
});

test(".dev.vars.example names every variable of a stack's Worker", async () => {
  const example = await readLines(new URL("../../.dev.vars.example", import.meta.url).pathname);
  expect(namesOf(example).toSorted()).toEqual(Object.keys(workerEnvironment({}, addresses, drawSecrets())).toSorted());
});
