import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { completeLock, missingOptional, readLock } from "../../scripts/lock-file.ts";
import { platformOf } from "../../scripts/platform.ts";

const text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
const lock = readLock(text);

test("package-lock.json has every optional package of every platform, or npm ci refuses it (npm run lock)", () => {
  expect(missingOptional(lock)).toEqual([]);
});

test("package-lock.json names no registry (omit-lockfile-registry-resolved in .npmrc)", () => {
  const named = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(named.map(([folder]) => folder)).toEqual([]);
});

test("platformOf() never contradicts a package that a registry has described", () => {
  const described = Object.entries(lock.packages).flatMap(([folder, { integrity, os, cpu, libc }]) => {
    const guess = platformOf(folder);
    return integrity === undefined || guess === undefined ? [] : [{ folder, guess, told: { os, cpu, libc } }];
  });
  expect(described.length).toBeGreaterThan(50);
  const wrong = described.filter(({ guess, told }) => {
    const { libc = told.libc, ...rest } = guess;
    return !isDeepStrictEqual({ ...rest, libc }, told);
  });
  expect(wrong).toEqual([]);
});

test.each(["tool-wasm32-wasi", "fsevents", "left-pad"])("platformOf() does not guess for %s", (name) => {
  expect(platformOf(name)).toBeUndefined();
});

const user = { version: "1.0.0", dev: true, optionalDependencies: { "@x/bin-darwin-arm64": "^2.1.0" } };

test("completeLock() adds what is missing at the top, optional and for its platform only", () => {
  const { lock: whole, added } = completeLock({ packages: { "node_modules/b": user } });
  expect(added).toEqual(["@x/bin-darwin-arm64 2.1.0"]);
  expect(whole.packages).toEqual({
    "node_modules/@x/bin-darwin-arm64": { version: "2.1.0", dev: true, optional: true, os: ["darwin"], cpu: ["arm64"] },
    "node_modules/b": user,
  });
  expect(missingOptional(whole)).toEqual([]);
});

test("completeLock() finds a package beside its user or beside the user's users", () => {
  const bin = { version: "2.1.0" };
  for (const folder of [
    "node_modules/a/node_modules/b/node_modules/",
    "node_modules/a/node_modules/",
    "node_modules/",
  ]) {
    const packages = { "node_modules/a/node_modules/b": user, [`${folder}@x/bin-darwin-arm64`]: bin };
    expect(missingOptional({ packages })).toEqual([]);
  }
  const elsewhere = { "node_modules/b": user, "node_modules/c/node_modules/@x/bin-darwin-arm64": bin };
  expect(missingOptional({ packages: elsewhere })).toHaveLength(1);
});

test("completeLock() gives two users of one name at different versions a package each", () => {
  const other = { ...user, optionalDependencies: { "@x/bin-darwin-arm64": "3.0.0" } };
  const { lock: whole } = completeLock({ packages: { "node_modules/b": user, "node_modules/c": other } });
  expect(Object.keys(whole.packages)).toEqual([
    "node_modules/@x/bin-darwin-arm64",
    "node_modules/b",
    "node_modules/c",
    "node_modules/c/node_modules/@x/bin-darwin-arm64",
  ]);
});

test("completeLock() reports what it cannot know instead of guessing", () => {
  const optionalDependencies = { fsevents: "~2.3.2", "y-linux-x64": ">=1.0.0 <3" };
  const { added, unclear } = completeLock({ packages: { "node_modules/b": { optionalDependencies } } });
  expect({ added, unclear }).toEqual({ added: [], unclear: ["fsevents ~2.3.2", "y-linux-x64 >=1.0.0 <3"] });
});
