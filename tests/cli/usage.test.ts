import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { findConnection } from "#cli/connection.ts";
import { readDuration } from "#cli/duration.ts";
import { readParameter } from "#cli/parameter.ts";
import { tempDir } from "../support/temp-dir.ts";
import { sqe } from "./support/terminal.ts";

const env = { SQE_URL: "http://127.0.0.1:9", SQE_TOKEN: "t" };

test.each([
  [["--bad"], "unknown option '--bad'"],
  [["walk"], "unknown command 'walk'"],
  [["run", "--format", "csv", "SELECT 1 AS A"], "Allowed choices are table, json, ndjson, md"],
  [["page"], "missing required argument 'id'"],
  [["page", "r1", "0"], "whole number"],
  [["runs", "extra"], "too many arguments"],
  [["bu", "here"], "A MID is a whole number"],
  [["keys", "create", "x", "--scopes", "runs:read,all"], "They are some of runs:read"],
  [["run", "--into", "K", "--mode", "replace", "SELECT 1 AS A"], "Allowed choices are overwrite, append, update"],
])("sqe %j ends with 2 and shows the usage of its command, on stderr", async (args, words) => {
  const { code, out, err } = await sqe(args, { env });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(words);
  expect(err).toMatch(/^Usage: sqe/m);
});

test.each([
  [["run"], "There is no query: stdin is empty"],
  [["run", "SELECT 1 AS A", "--file", "x.sql"], "not both"],
  [["run", "--file", "gone.sql"], "Cannot read gone.sql: ENOENT"],
  [["run", "--timeout", "soon", "SELECT 1 AS A"], '"soon" is no time'],
  [["run", "--param", "x", "SELECT 1 AS A"], '"x" is no parameter'],
  [["run", "--mode", "append", "SELECT 1 AS A"], "--into a Data Extension"],
  [["run", "--into", "VIP", "SELECT 1 AS A"], 'Replace all rows of "VIP" by the result? Nobody can be asked here'],
  [["check", "--fields", "a", "--save-fields", "b", "SELECT 1 AS A"], "give one of them"],
  [["check", "nothing/**/*.sql"], "No file fits nothing/**/*.sql"],
])("sqe %j is a mistake: 2, and one line that says what", async (args, words) => {
  const { code, out, err } = await sqe(args, { env, cwd: await tempDir() });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(words);
});

test("sqe without an engine says what to set; --help and --version are good", async () => {
  const nowhere = await sqe(["runs"], { cwd: await tempDir() });
  expect(nowhere.code).toBe(2);
  expect(nowhere.err).toContain("Set SQE_URL to its address and SQE_TOKEN to a token");
  const help = await sqe(["--help"]);
  expect([help.code, help.err]).toEqual([0, ""]);
  for (const name of [
    "run",
    "watch",
    "page",
    "runs",
    "cancel",
    "discard",
    "check",
    "tables",
    "describe",
    "preview",
    "queries",
    "login",
    "logout",
    "whoami",
    "bu",
    "keys",
  ])
    expect(help.out).toMatch(new RegExp(`^ {2}${name} `, "m"));
  expect(await sqe(["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
});

describe("findConnection()", () => {
  const stack = { edge: "http://127.0.0.1:8787", tokens: { alice: "alice's" } };

  async function folder(file: unknown = stack, name = ".dev"): Promise<string> {
    const dir = await tempDir();
    await mkdir(join(dir, name), { recursive: true });
    await mkdir(join(dir, "deep/er"), { recursive: true });
    await writeFile(join(dir, name, "stack.json"), typeof file === "string" ? file : JSON.stringify(file));
    return dir;
  }

  it("finds the stack of `npm run dev` in the folder or one above, or where SQE_DEV_DIR says", async () => {
    const found = { url: stack.edge, token: "alice's" };
    const cwd = await folder();
    expect(findConnection({ env: {}, cwd })).toEqual(found);
    expect(findConnection({ env: {}, cwd: join(cwd, "deep/er") })).toEqual(found);
    expect(findConnection({ env: { SQE_DEV_DIR: "other" }, cwd: await folder(stack, "other") })).toEqual(found);
    expect(() => findConnection({ env: {}, cwd: join("/", "nowhere") })).toThrow("Cannot tell where");
  });

  it("takes SQE_URL and SQE_TOKEN first, and sends a stack's token to that stack alone", async () => {
    const cwd = await folder();
    const from = (env: Record<string, string>) => findConnection({ env, cwd });
    expect(from({ SQE_URL: "https://sqe.example", SQE_TOKEN: "mine\n" })).toEqual({
      url: "https://sqe.example",
      token: "mine",
    });
    expect(from({ SQE_TOKEN: "mine" })).toEqual({ url: stack.edge, token: "mine" });
    expect(from({ SQE_URL: `${stack.edge}/` })).toEqual({ url: `${stack.edge}/`, token: "alice's" });
    expect(from({ SQE_URL: "https://sqe.example" })).toEqual({ url: "https://sqe.example" });
    expect(() => from({ SQE_URL: "sqe example" })).toThrow("SQE_URL is no address");
  });

  it("passes over a file that is cut off or something else", async () => {
    for (const text of ['{"edge": "http', "[]", "null"]) {
      const cwd = await folder(text);
      expect(() => findConnection({ env: {}, cwd })).toThrow("Cannot tell where");
    }
  });
});

describe("readDuration()", () => {
  it.each([
    ["90", 90_000],
    ["90s", 90_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["250ms", 250],
  ])("reads %s", (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });
  it.each(["", "m", "-1s", "1d", "1 h"])("refuses %j", (text) => {
    expect(() => readDuration(text)).toThrow("is no time");
  });
});

describe("readParameter()", () => {
  it.each([
    ["country=DE", { name: "country", type: "text", value: "DE" }],
    ["@country=a=b", { name: "country", type: "text", value: "a=b" }],
    ["note=", { name: "note", type: "text", value: "" }],
    ["since:date=2026-01-01", { name: "since", type: "date", value: "2026-01-01" }],
    ["n:number=-12", { name: "n", type: "number", value: -12 }],
    ["price:decimal=1.50", { name: "price", type: "decimal", value: "1.50" }],
    ["vip:boolean=true", { name: "vip", type: "boolean", value: true }],
    ["vip:boolean=0", { name: "vip", type: "boolean", value: false }],
  ])("reads %s", (text, parameter) => {
    expect(readParameter(text)).toEqual(parameter);
  });
  it.each(["x", "=1", "a b=1", "n:int=1", "n:number=1.5", "n:number=", "b:boolean=yes"])("refuses %j", (text) => {
    expect(() => readParameter(text)).toThrow(`"${text}"`);
  });
});
