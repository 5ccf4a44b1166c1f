import { createInterface } from "node:readline/promises";
import { exitCodes, Exit, UsageError } from "./exit-code.ts";
import { say, type Terminal } from "./terminal.ts";

/**
 * Asks a person to confirm; only "y" or "yes" does.
 *
 * @throws UsageError when nobody can be asked; Exit when the answer is no
 */
export async function confirm(terminal: Terminal, question: string): Promise<void> {
  const { stdin, stderr } = terminal;
  if (!stdin.isTTY || !stderr.isTTY)
    throw new UsageError(`${question} Nobody can be asked here: confirm it with --yes`);
  const leave = new AbortController();
  const stop = terminal.onInterrupt(() => leave.abort());
  const prompt = createInterface({ input: stdin, output: stderr, terminal: true });
  prompt.on("SIGINT", () => leave.abort());
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: leave.signal });
    if (/^y(?:es)?$/i.test(answer.trim())) return;
    await say(terminal, "Nothing was done");
  } catch (error) {
    if (!leave.signal.aborted) throw error;
    await say(terminal, "");
    throw new Exit(exitCodes.interrupted);
  } finally {
    prompt.close();
    stop();
  }
  throw new Exit(exitCodes.other);
}
