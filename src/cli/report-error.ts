import { SqeError } from "#client/sqe-error.ts";
import { Exit, UsageError } from "./exit-code.ts";
import { diagnosticLine } from "./check/report.ts";
import type { Paint } from "./style.ts";
import { say, type Terminal } from "./terminal.ts";

/** Tells a person why a command ended. */
export async function reportError(terminal: Terminal, paint: Paint, error: unknown): Promise<void> {
  if (error instanceof Exit) return;
  if (error instanceof UsageError) return say(terminal, `${paint("red", "error:")} ${error.message}\nSee sqe --help`);
  if (!(error instanceof SqeError)) {
    const words = error instanceof Error ? error.message : String(error);
    return say(terminal, `${paint("red", "error:")} ${words}`);
  }
  const { code, detail, retryAfter, diagnostics = [], errors = [], near = [] } = error;
  const unsaid = near.filter((name) => !detail.includes(name));
  const lines = [
    // The findings say more than the sentence that points at them.
    `${paint("red", "error:")} ${diagnostics.length > 0 ? `${code}: the query cannot be run` : `${code}: ${detail}`}`,
    ...errors.map(({ path, message }) => `  ${path}: ${message}`),
    ...diagnostics.map((it) => `  ${diagnosticLine("query", it)}`),
    ...(unsaid.length === 0 ? [] : [`  Did you mean ${unsaid.join(", ")}?`]),
    ...(retryAfter === undefined ? [] : [`  Try again in ${retryAfter} s`]),
    ...(error.status === 401 ? ["  Sign in with sqe login, or set SQE_TOKEN to a valid token"] : []),
  ];
  return say(terminal, lines.join("\n"));
}
