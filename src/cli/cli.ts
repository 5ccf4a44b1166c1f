import { CommanderError } from "commander";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-code.ts";
import { openProgram } from "./program.ts";
import { reportError } from "./report-error.ts";
import { paintFor } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs one command of `sqe`.
 *
 * @param args what follows the program's name
 * @returns the code to exit with; the reason has been told
 */
export async function runCli(args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  try {
    await openProgram(terminal, version).parseAsync(args, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    // Commander has printed the help, the version, or the mistake with the usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (isBrokenPipe(error)) return exitCodes.ok;
    await reportError(terminal, paintFor(terminal.stderr, terminal, !args.includes("--no-color")), error);
    return exitCodeOf(error);
  }
}

/** Whether the reader of our output has gone, as `head` does: that is no mistake. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
