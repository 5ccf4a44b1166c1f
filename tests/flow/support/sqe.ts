import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { buildPackage } from "../../../scripts/package/build.ts";
import { tempDir } from "../../support/temp-dir.ts";

/** What a process has printed, and its exit code. */
export type Called = { code: number | null; out: string; err: string };

/** A process of `sqe` that is running. */
export type Running = { child: ChildProcess; ended: Promise<Called>; err: () => string };

/** Builds the package `sqe` into a folder of its own, and returns that. */
export async function builtPackage(): Promise<string> {
  const dir = await tempDir();
  await buildPackage(dir);
  return dir;
}

/** Starts a program, with `stdin` as its input. */
export function start(program: string, args: readonly string[], env: Record<string, string>, stdin = ""): Running {
  const { PATH } = process.env;
  const cwd = fileURLToPath(new URL("../../../", import.meta.url));
  const child = spawn(program, args, { cwd, env: { PATH, ...env } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (err += part.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const ended = once(child, "close").then(([code]): Called => ({ code, out, err }));
  return { child, ended, err: () => err };
}
