import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export type Ended = { code: number | null; stdout: string; stderr: string };

/**
 * Runs a program of this Node to its end, without a blocked event loop.
 *
 * @param words the program's file and its arguments
 * @param options `input` is what it reads from standard input; `env` is added to this process's
 */
export function runProgram(
  words: readonly string[],
  options: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--no-warnings", ...words], { env: { ...process.env, ...options.env } });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
    }
    child.once("error", reject);
    child.once("close", (code) => {
      const plain = { stdout: stripVTControlCharacters(said.stdout), stderr: stripVTControlCharacters(said.stderr) };
      resolve({ code, ...plain });
    });
    // A program that ends without reading is judged by its code.
    child.stdin.on("error", () => undefined).end(options.input ?? "");
  });
}
