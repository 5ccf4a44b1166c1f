import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { findConnection, lookAround } from "#cli/connection.ts";
import { readProfile, saveProfile, type Profile } from "#cli/profiles.ts";
import { tempDir } from "../support/temp-dir.ts";
import { sqe } from "./support/terminal.ts";

const cwd = "/";
const expiresAt = "2030-01-01T00:00:00.000Z";
const key = (mid: number) => ({ mid, keyId: `k${mid}`, key: `key of ${mid}`, expiresAt });
const profile: Profile = { url: "https://sqe.example", userId: "ann", mid: 2, keys: [key(1), key(2)] };

/** A folder for settings with these profiles. */
async function home(profiles: Record<string, Profile> = {}): Promise<Record<string, string>> {
  const env = { XDG_CONFIG_HOME: await tempDir() };
  for (const [name, one] of Object.entries(profiles)) saveProfile({ env }, name, one);
  return env;
}

describe("profiles", () => {
  it("are kept in one file that its owner alone may read, also where it was open before", async () => {
    const env = await home();
    const dir = join(env["XDG_CONFIG_HOME"] ?? "", "sqe");
    const path = join(dir, "config.json");
    await mkdir(dir);
    await writeFile(path, '{"profiles": {}}');
    await chmod(path, 0o644);
    saveProfile({ env }, "default", profile);
    saveProfile({ env }, "work", { ...profile, mid: 1 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(readProfile({ env }, "default")).toEqual(profile);
    saveProfile({ env }, "default", undefined);
    expect(readProfile({ env }, "default")).toBeUndefined();
    expect(readProfile({ env }, "work")?.mid).toBe(1);
    expect(await readdir(dir)).toEqual(["config.json"]);
  });

  it("lie below HOME unless XDG_CONFIG_HOME is a whole path, and nowhere without both", async () => {
    const HOME = await tempDir();
    saveProfile({ env: { HOME, XDG_CONFIG_HOME: "relative" } }, "default", profile);
    expect(await readFile(join(HOME, ".config/sqe/config.json"), "utf8")).toContain("key of 1");
    expect((await stat(join(HOME, ".config/sqe"))).mode & 0o777).toBe(0o700);
    expect(readProfile({ env: {} }, "default")).toBeUndefined();
    expect(() => saveProfile({ env: {} }, "default", profile)).toThrow("no place to keep a key");
  });

  it.each(["{", "[]", '{"profiles": {"default": {"url": "x"}}}', '{"profiles": {"default": null}}'])(
    "say so when their file is %s",
    async (text) => {
      const env = await home({ default: profile });
      await writeFile(join(env["XDG_CONFIG_HOME"] ?? "", "sqe/config.json"), text);
      const { code, err } = await sqe(["runs"], { env });
      expect([code, err]).toEqual([2, expect.stringContaining("is no file of profiles")]);
    },
  );
});

describe("findConnection() with profiles", () => {
  it("takes the key of the profile's business unit; SQE_PROFILE and --profile name another", async () => {
    const env = await home({ default: profile, work: { ...profile, mid: 1, url: "https://work.example" } });
    expect(findConnection({ env, cwd })).toEqual({ url: "https://sqe.example", token: "key of 2" });
    const work = { url: "https://work.example", token: "key of 1" };
    expect(findConnection({ env, cwd }, "work")).toEqual(work);
    expect(findConnection({ env: { ...env, SQE_PROFILE: "work" }, cwd })).toEqual(work);
    expect(findConnection({ env: { ...env, SQE_PROFILE: "gone" }, cwd }, "work")).toEqual(work);
  });

  it("lets SQE_URL and SQE_TOKEN win, and sends a profile's key to its own address alone", async () => {
    const env = await home({ default: profile });
    const from = (more: Record<string, string>, name?: string) => lookAround({ env: { ...env, ...more }, cwd }, name);
    const both = { SQE_URL: "https://other.example", SQE_TOKEN: "t" };
    expect(from(both, "gone")).toEqual({ url: "https://other.example", token: "t", from: "SQE_TOKEN" });
    expect(from({ SQE_TOKEN: "t" })).toEqual({ url: "https://sqe.example", token: "t", from: "SQE_TOKEN" });
    expect(from({ SQE_URL: "https://other.example" })).toEqual({ url: "https://other.example" });
    expect(from({ SQE_URL: "https://sqe.example/" })).toMatchObject({ token: "key of 2", from: 'profile "default"' });
  });

  it("takes the stack of `npm run dev` before a profile of elsewhere, unless the profile is named", async () => {
    const env = await home({ default: profile, local: { ...profile, url: "http://127.0.0.1:8787" } });
    const dir = await tempDir();
    await mkdir(join(dir, ".dev"));
    await writeFile(
      join(dir, ".dev/stack.json"),
      JSON.stringify({ edge: "http://127.0.0.1:8787", tokens: { alice: "alice's" } }),
    );
    expect(lookAround({ env, cwd: dir })).toMatchObject({ token: "alice's", from: "npm run dev" });
    expect(lookAround({ env, cwd: dir }, "default")).toMatchObject({ token: "key of 2" });
    // Who signed in to the stack is that person there.
    saveProfile({ env }, "default", { ...profile, url: "http://127.0.0.1:8787" });
    expect(lookAround({ env, cwd: dir })).toMatchObject({ token: "key of 2", from: 'profile "default"' });
  });
});

test.each([["whoami"], ["keys"], ["bu"], ["bu", "7"], ["logout"], ["runs", "--profile", "gone"]])(
  "sqe %s %s without a sign-in ends with 3 and says what to do",
  async (...args) => {
    const { code, out, err } = await sqe(args, { env: await home() });
    expect([code, out]).toEqual([3, ""]);
    expect(err).toMatch(/You are not signed in|There is no profile "gone": sqe login --profile gone/);
  },
);

test("sqe login and sqe bu say what they cannot do, before anybody is asked", async () => {
  const env = await home();
  for (const [args, words, more] of [
    [["login"], "Say where the engine is: sqe login --url ADDRESS", env],
    [["login", "--url", "somewhere"], "--url is no address", env],
    [["login", "--url", "http://127.0.0.1:9"], "no place to keep a key", {}],
    [["bu", "7"], "The token of SQE_TOKEN is for one business unit", { SQE_URL: "http://127.0.0.1:9", SQE_TOKEN: "t" }],
  ] as const) {
    const { code, err } = await sqe(args, { env: more });
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  }
});

test("sqe logout removes the profile also when the engine is gone, and names the key that still works", async () => {
  const env = await home({ default: { ...profile, url: "http://127.0.0.1:9", keys: [key(2)] } });
  const { code, err } = await sqe(["logout"], { env });
  expect([code, err]).toEqual([0, expect.stringContaining(`may still work: key k2 (until ${expiresAt})`)]);
  expect(readProfile({ env }, "default")).toBeUndefined();
});
