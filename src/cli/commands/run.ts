import type { RunOptions } from "#client/client.ts";
import type { Parameter, Target } from "#client/run-state.ts";
import { confirm } from "../ask-person.ts";
import { openContext, type CommonOptions } from "../context.ts";
import { readDuration } from "../duration.ts";
import { UsageError } from "../exit-code.ts";
import { followToEnd } from "../follow.ts";
import type { Format } from "../format/print.ts";
import { readParameter } from "../parameter.ts";
import { printResult } from "../print-page.ts";
import { readQuery } from "../sql-input.ts";
import { write, type Terminal } from "../terminal.ts";

/** The flags of `sqe run`. */
export type RunFlags = CommonOptions & {
  file?: string;
  format?: Format;
  into?: string;
  mode: Target["mode"];
  modeIsGiven: boolean;
  yes?: boolean;
  name?: string;
  param: readonly string[];
  total?: boolean;
  page: number;
  timeout?: string;
  detach?: boolean;
};

/** `sqe run`: runs a query and prints a page of its rows, the first one unless another is asked for. */
export async function run(terminal: Terminal, argument: string | undefined, flags: RunFlags): Promise<void> {
  const timeoutMs = flags.timeout === undefined ? undefined : readDuration(flags.timeout);
  const parameters = flags.param.map(readParameter);
  const target = targetOf(flags);
  const context = openContext(terminal, flags);
  const sql = await readQuery(terminal, argument, flags.file);
  if (target?.mode === "overwrite" && !flags.yes)
    await confirm(terminal, `Replace all rows of "${target.customerKey}" by the result?`);
  const options = optionsOf(flags, parameters, target);
  if (flags.detach) return write(terminal.stdout, `${(await context.client.run(sql, options)).id}\n`);
  const submit = (signal: AbortSignal) => context.client.run(sql, { ...options, signal });
  const ended = await followToEnd(context, submit, { ...(timeoutMs !== undefined && { timeoutMs }) });
  return printResult(context, ended, flags.page, flags);
}

function targetOf({ into, mode, modeIsGiven, yes }: RunFlags): Target | undefined {
  if (into !== undefined) return { customerKey: into, mode };
  if (modeIsGiven || yes) throw new UsageError("--mode and --yes are for a run --into a Data Extension");
  return undefined;
}

function optionsOf({ name, total }: RunFlags, parameters: readonly Parameter[], target?: Target): RunOptions {
  return {
    ...(name !== undefined && { snippetName: name }),
    ...(target !== undefined && { target }),
    ...(parameters.length > 0 && { parameters }),
    ...(total && { total }),
  };
}
