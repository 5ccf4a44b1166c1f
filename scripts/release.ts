import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readRelease } from "./releases/release.ts";
import { buildSite } from "./site/build.ts";
import { runWrangler } from "./wrangler.ts";

// npm run release: checks the tree, builds the Worker's bundle and, where Docker runs, the bridge's image, and sets the
// tag. The version is package.json's. Builds are in dist/; nothing is pushed or deployed.
const git = (...words: string[]) => execFileSync("git", words, { encoding: "utf8" });
const out = join("dist", "worker");

try {
  const { version, tag, notes } = readRelease({
    packageJson: readFileSync("package.json", "utf8"),
    packageLock: readFileSync("package-lock.json", "utf8"),
    changelog: readFileSync("CHANGELOG.md", "utf8"),
    tags: git("tag", "--list").split("\n"),
    changes: git("status", "--porcelain"),
  });
  rmSync(out, { recursive: true, force: true });
  await buildWorker();
  console.log(`built the Worker's bundle in ${out}`);
  console.log(buildImage(version));
  // Last, so that a failed build leaves no tag. `whitespace` keeps the changelog's lines that begin with #.
  git("tag", "--annotate", tag, "--cleanup=whitespace", "--message", `${tag}\n\n${notes}`);
  console.log(`set the tag ${tag}; publish it with: git push origin ${tag}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot release");
  process.exitCode = 1;
}

async function buildWorker(): Promise<void> {
  await buildSite();
  const refusal = await runWrangler(["deploy", "--dry-run", "--outdir", out]);
  if (refusal !== undefined) throw new Error(`Cannot release: the Worker does not build\n${refusal}`);
}

/** @returns one line about the outcome */
function buildImage(version: string): string {
  if (spawnSync("docker", ["info"], { stdio: "ignore" }).status !== 0) {
    return "built no image: Docker does not run here; the workflow `image` builds and tests it from the tag";
  }
  const image = `shell-query-engine-bridge:${version}`;
  const label = `org.opencontainers.image.version=${version}`;
  const base = process.env["NODE_IMAGE"];
  const args = base === undefined ? [] : ["--build-arg", `NODE_IMAGE=${base}`];
  const words = ["build", "--target", "bridge", ...args, "--label", label, "--tag", image, "."];
  const { status } = spawnSync("docker", words, { stdio: "inherit" });
  if (status !== 0) throw new Error("Cannot release: the image does not build");
  const from =
    base?.includes("@sha256:") === true ? base : "a tag; set NODE_IMAGE with a digest for an image that you ship";
  return `built the image ${image} from ${from}`;
}
