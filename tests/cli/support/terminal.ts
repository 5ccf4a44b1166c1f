import { PassThrough, Writable } from "node:stream";
import { runCli } from "#cli/cli.ts";
import type { Output, Terminal } from "#cli/terminal.ts";

/** What a command has printed, and its exit code. */
export type Called = { code: number; out: string; err: string };

/** What a test may choose of the surroundings; no SQE_ variable comes from this machine. */
export type Around = { env?: Record<string, string>; cwd?: string; stdin?: string; isTTY?: boolean };

/** Calls `sqe` in this process. Its stdin is not a terminal, and is empty unless a test fills it. */
export async function sqe(
  args: readonly string[],
  { env = {}, cwd = "/", stdin = "", isTTY = false }: Around = {},
): Promise<Called> {
  const out = memory(isTTY);
  const err = memory(isTTY);
  const input = new PassThrough();
  input.end(stdin);
  const terminal: Terminal = {
    stdin: Object.assign(input, { isTTY: false }),
    stdout: out.output,
    stderr: err.output,
    env,
    cwd,
    onInterrupt: () => () => undefined,
  };
  return { code: await runCli(args, terminal, "1.2.3"), out: out.text(), err: err.text() };
}

/** An output that keeps what is written. */
export function memory(isTTY: boolean): { output: Output; text: () => string } {
  let text = "";
  const output: Output = new Writable({
    write(part, _encoding, done) {
      text += String(part);
      done();
    },
  });
  return { output: Object.assign(output, { isTTY, columns: 100 }), text: () => text };
}
