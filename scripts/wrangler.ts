import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runProgram } from "./run-program.ts";

/** The pinned wrangler's program, for Node to run. */
export const wranglerProgram: string = join(
  dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
  "wrangler-dist/cli.js",
);

/**
 * Runs a command of wrangler to its end.
 *
 * @param input what it reads from standard input
 * @returns undefined when it succeeded, else what it says of the reason
 */
export async function runWrangler(words: readonly string[], input = ""): Promise<string | undefined> {
  const env = { WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1", FORCE_COLOR: "0" };
  const { code, stdout, stderr } = await runProgram([wranglerProgram, ...words], { input, env });
  if (code === 0) return undefined;
  const [, reason] = /\[ERROR\]\s*([^]*?)(?:\n\s*\n|$)/.exec(stderr) ?? [];
  return (reason ?? `${stdout}${stderr}`).trim().replaceAll(/\s*\n\s*/g, " ");
}
