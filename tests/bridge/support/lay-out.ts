import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Stage } from "./dockerfile.ts";
import { filesOf } from "./dockerignore.ts";

/** The result of a stage: the root of its files, and how its program is started. */
export type Image = {
  root: string;
  workdir: string;
  env: Record<string, string>;
  command: string[];
  health: string[];
};

export type Context = { dir: string; isLeftOut: (path: string) => boolean };

/**
 * Lays the files of a stage out as a build of the Dockerfile would, without its base image. `npm ci` is imitated with the
 * installed packages that the lock file names for it. Other RUNs really run.
 */
export function layOut(stages: readonly Stage[], name: string, context: Context, dest: string): Image {
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`Cannot lay out stage ${name}: the Dockerfile has none`);
  const image: Image = { root: join(dest, name), workdir: "/", env: {}, command: [], health: [] };
  mkdirSync(image.root);
  for (const { name: instruction, words, text, flags } of stage.instructions) {
    const here = join(image.root, image.workdir);
    if (instruction === "WORKDIR") mkdirSync(join(image.root, (image.workdir = text)), { recursive: true });
    else if (instruction === "ENV") Object.assign(image.env, Object.fromEntries(words.map((word) => word.split("="))));
    else if (instruction === "CMD") image.command = words;
    else if (instruction === "HEALTHCHECK") image.health = words;
    else if (instruction === "RUN") run(text, here, context.dir);
    else if (instruction === "COPY") {
      const { from } = flags;
      const source =
        from === undefined ? context : { dir: layOut(stages, from, context, dest).root, isLeftOut: () => false };
      for (const path of words.slice(0, -1)) copy(source, path.replace(/^\.?\//, ""), words.at(-1) ?? "", here);
    }
  }
  return image;
}

/** As Docker copies: a file into the folder or to the name, a folder's content. */
function copy(source: Context, path: string, to: string, here: string): void {
  const from = join(source.dir, path);
  if (!existsSync(from) || source.isLeftOut(path))
    throw new Error(`Cannot COPY ${path}: it is not in the build's context`);
  if (statSync(from).isFile()) {
    put(from, to.endsWith("/") || to === "." ? join(here, to, path) : join(here, to));
    return;
  }
  for (const file of filesOf(source.dir, source.isLeftOut, path === "." ? "" : path)) {
    put(join(source.dir, file), join(here, to, path === "." ? file : file.slice(path.length + 1)));
  }
}

function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    // Another disk.
    copyFileSync(from, to);
  }
}

function run(text: string, here: string, projectDir: string): void {
  if (text === "npm ci --omit=dev --omit=optional") installPackages(here, projectDir);
  else execFileSync("/bin/sh", ["-ec", text], { cwd: here });
}

type Lock = { packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }> };

function installPackages(here: string, projectDir: string): void {
  // npm's own file, which npm ci reads from the same place.
  const { packages } = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")) as Lock;
  const wanted = Object.entries(packages).filter(
    ([folder, { dev, optional, devOptional }]) => folder !== "" && !(dev ?? optional ?? devOptional ?? false),
  );
  for (const [folder] of wanted) {
    // A package inside another comes by an entry of its own, or not at all.
    for (const file of filesOf(join(projectDir, folder), (path) => /^node_modules(\/|$)/.test(path))) {
      put(join(projectDir, folder, file), join(here, folder, file));
    }
  }
}
