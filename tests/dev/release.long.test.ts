import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readRelease, type Tree } from "../../scripts/releases/release.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const here = (path: string) => readFileSync(join(root, path), "utf8");

function tree(overrides: Partial<Tree> = {}): Tree {
  const changelog = "# Changelog\n\n## 0.2.0, 2026-12-01\n\n- New.\n\n## 0.1.0\n\n- First.\n";
  const manifest = '{"name": "x", "version": "0.2.0"}';
  return { packageJson: manifest, packageLock: manifest, changelog, tags: ["v0.1.0", ""], changes: "", ...overrides };
}

describe("readRelease()", () => {
  it("releases package.json's version with the changelog's section as notes", () => {
    expect(readRelease(tree())).toEqual({ version: "0.2.0", tag: "v0.2.0", notes: "- New." });
  });

  it.each<[string, Partial<Tree>]>([
    ["the tree has changes\n M a.ts", { changes: " M a.ts\n" }],
    ['"next" is not a version', { packageJson: '{"version": "next"}' }],
    ["package-lock.json says 0.1.0; run npm install", { packageLock: '{"version": "0.1.0"}' }],
    ["v0.2.0 exists; raise", { tags: ["v0.1.0", "v0.2.0"] }],
    ["v0.10.0 exists; raise", { tags: ["v0.10.0"] }],
    ['has nothing under "## 0.2.0"', { changelog: "## 0.2.0\n\n## 0.1.0\n\n- First.\n" }],
    ['has nothing under "## 0.2.0"', { changelog: "## 0.2.01\n\n- Other.\n" }],
  ])("refuses, because %s", (reason, overrides) => {
    expect(() => readRelease(tree(overrides))).toThrow(reason);
  });
});

/** What this tree would be released as, if it had no changes and there were no tags. */
function ofHere() {
  const [packageJson, packageLock, changelog] = [here("package.json"), here("package-lock.json"), here("CHANGELOG.md")];
  return readRelease({ packageJson, packageLock, changelog, tags: [], changes: "" });
}

it("the tree's version has its section, and the lock file has the version", () => {
  expect(ofHere().notes).not.toBe("");
});

describe("npm run release", () => {
  const dir = mkdtempSync(join(tmpdir(), "sqe-release-"));
  afterAll(() => rmSync(dir, { recursive: true }));
  const git = (...words: string[]) => execFileSync("git", ["-C", join(dir, "copy"), ...words], { encoding: "utf8" });

  it("builds the Worker, sets the tag with the notes, does it once only, and not in a changed tree", () => {
    execFileSync("git", ["clone", "--quiet", "--no-tags", "--shared", root, join(dir, "copy")]);
    symlinkSync(join(root, "node_modules"), join(dir, "copy/node_modules"));
    // The ignore file names a folder of that name, and here it is a link.
    writeFileSync(join(dir, "copy/.git/info/exclude"), "node_modules\n");
    for (const path of ["CHANGELOG.md", "package.json"]) writeFileSync(join(dir, "copy", path), here(path));
    git("config", "user.name", "Test");
    git("config", "user.email", "test@example.com");
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "as it is here");
    // Without Docker, which would build for minutes.
    mkdirSync(join(dir, "bin"));
    const gitProgram = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    symlinkSync(gitProgram, join(dir, "bin/git"));
    const release = () => {
      const env = { PATH: join(dir, "bin"), HOME: dir };
      const words = ["--no-warnings", join(dir, "copy/scripts/release.ts")];
      return spawnSync(process.execPath, words, { cwd: join(dir, "copy"), env, encoding: "utf8" });
    };
    const { version, notes } = ofHere();

    writeFileSync(join(dir, "copy/stray.ts"), "");
    expect(release()).toMatchObject({ status: 1, stderr: "Cannot release: the tree has changes\n?? stray.ts\n" });
    rmSync(join(dir, "copy/stray.ts"));
    const done = release();
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toContain("built no image: Docker does not run here");
    expect(existsSync(join(dir, "copy/dist/worker/index.js"))).toBe(true);
    expect(git("tag", "--list", "--format=%(refname:short) %(objecttype)")).toBe(`v${version} tag\n`);
    expect(git("tag", "--list", "--format=%(contents)")).toContain(notes);
    expect(git("status", "--porcelain")).toBe("");
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining(`v${version} exists; raise`) });
  });
});
