import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { parse } from "yaml";
import { readDockerfile } from "./dockerfile.ts";
import { filesOf, readDockerignore } from "./dockerignore.ts";
import { layOut, type Image } from "./lay-out.ts";

export const project = fileURLToPath(new URL("../../../", import.meta.url));
export const textOf = (path: string) => readFileSync(join(project, path), "utf8");

export type Service = {
  environment: Record<string, string | null>;
  stop_grace_period: string;
  build: { target: string };
} & Record<string, unknown>;

export const dockerfile = readDockerfile(textOf("Dockerfile"));
export const isLeftOut = readDockerignore(textOf(".dockerignore"));
// `<<` is YAML 1.1's; Docker reads it, too.
export const compose = parse(textOf("compose.yaml"), { merge: true }) as { services: Record<string, Service> };

/** A user who owns nothing of the image; without root, the current user on read-only folders. */
const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export type LaidOut = Image & {
  /** Starts the image's command or another one in its folder, with these variables and no others. */
  start(variables: Record<string, string>, words?: readonly string[]): Program;
  /** Records what the program opens: the value for NODE_OPTIONS, and how to read the record. */
  recorder: { options: string; opened(): string[] };
  /** Every file of the tree. */
  files(): string[];
  /** Removes all of it. */
  close(): void;
};

export type Program = {
  process: ChildProcess;
  said: () => string;
  ended: Promise<{ code: number | null; ms: number }>;
};

/** Lays out the bridge's image in a new folder, beside a Node of the version it runs on. */
export function openImage(): LaidOut {
  const dest = mkdtempSync(join(tmpdir(), "sqe-image-"));
  chmodSync(dest, 0o755);
  mkdirSync(join(dest, "bin"));
  copyFileSync(process.execPath, join(dest, "bin/node"));
  const notes = join(dest, "notes");
  mkdirSync(notes);
  if (stranger.uid !== undefined) chownSync(notes, stranger.uid, stranger.gid);
  copyFileSync(fileURLToPath(new URL("record-opens.ts", import.meta.url)), join(notes, "record-opens.ts"));
  const image = layOut(dockerfile.stages, "bridge", { dir: project, isLeftOut }, dest);
  const folders = readdirSync(image.root, { withFileTypes: true, recursive: true }).filter((one) => one.isDirectory());
  for (const one of folders) chmodSync(join(one.parentPath, one.name), 0o555);
  const env = { PATH: join(dest, "bin"), ...image.env };
  return {
    ...image,
    start: (variables, words = image.command) =>
      start(words, join(image.root, image.workdir), { ...env, ...variables }),
    recorder: {
      options: `--import=file://${notes}/record-opens.ts?to=${notes}/opened`,
      opened: () => readFileSync(join(notes, "opened"), "utf8").split("\n"),
    },
    files: () => filesOf(image.root, () => false),
    close() {
      for (const one of folders) chmodSync(join(one.parentPath, one.name), 0o755);
      rmSync(dest, { recursive: true });
    },
  };
}

function start([command = "", ...words]: readonly string[], cwd: string, env: Record<string, string>): Program {
  const child = spawn(command, words, { cwd, env, ...stranger, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
  const before = Date.now();
  const ended = once(child, "close").then(([code]: unknown[]) => {
    return { code: typeof code === "number" ? code : null, ms: Date.now() - before };
  });
  return { process: child, said: () => said, ended };
}

/** Waits until a program has printed something. @throws what it printed instead, when it ends */
export async function untilSays({ process: child, said }: Program, words: string): Promise<void> {
  await vi.waitFor(
    () => {
      if (!said().includes(words) && child.exitCode === null) throw new Error(`It did not say ${words}:\n${said()}`);
    },
    { timeout: 40_000, interval: 20 },
  );
  if (!said().includes(words)) throw new Error(`It ended with ${child.exitCode}:\n${said()}`);
}
