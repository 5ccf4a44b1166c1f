import type { Command } from "commander";
import { run, type RunFlags } from "../commands/run.ts";
import { cancel, discard, page, runs, watch } from "../commands/runs.ts";
import type { Terminal } from "../terminal.ts";
import { formatOption, modeOption, paramOption, wholeNumber } from "./options.ts";

/** Adds the commands about runs. */
export function addRunCommands(program: Command, terminal: Terminal): void {
  addRun(program, terminal);
  program
    .command("watch <id>")
    .description("follow a run to its end and print its first page; Ctrl-C cancels it")
    .addOption(formatOption())
    .option("--page <n>", "the page to print", wholeNumber, 1)
    .option("--timeout <time>", "cancel the run after this time, such as 90s or 30m")
    .action((id: string, _, command: Command) => watch(terminal, id, command.optsWithGlobals()));
  program
    .command("page")
    .description("print a page of a result, 50 rows")
    .argument("<id>")
    .argument("[n]", "the page", wholeNumber, 1)
    .addOption(formatOption())
    .option("--sort <column>", "sort the rows that can be read")
    .option("--desc", "the largest first")
    .option("--find <text>", "only rows with this text")
    .action((id: string, n: number, _, command: Command) => page(terminal, id, n, command.optsWithGlobals()));
  program
    .command("runs")
    .description("list your runs, newest first")
    .addOption(formatOption())
    .option("--limit <n>", "at most this many, up to 100", wholeNumber, 20)
    .option("--cursor <cursor>", "go on after the list before")
    .action((_, command: Command) => runs(terminal, command.optsWithGlobals()));
  program
    .command("cancel <id>")
    .description("cancel a run")
    .action((id: string, _, command: Command) => cancel(terminal, id, command.optsWithGlobals()));
  program
    .command("discard <id>")
    .description("end a result now: its table is deleted")
    .action((id: string, _, command: Command) => discard(terminal, id, command.optsWithGlobals()));
}

function addRun(program: Command, terminal: Terminal): void {
  program
    .command("run [sql]")
    .description("run one SELECT and print its first page; Ctrl-C cancels it")
    .option("-f, --file <file>", "read the query from a file")
    .addOption(formatOption())
    .option("--into <key>", "write into the Data Extension with this key; asks before it overwrites")
    .addOption(modeOption())
    .option("-y, --yes", "overwrite without asking")
    .option("--name <name>", "a name to know the run by")
    .addOption(paramOption())
    .option("--total", "count all rows, also those that cannot be read; may be slow")
    .option("--page <n>", "the page to print", wholeNumber, 1)
    .option("--timeout <time>", "cancel the run after this time, such as 90s or 30m")
    .option("-d, --detach", "print the id of the run and leave")
    .action((sql: string | undefined, _, command: Command) => {
      const modeIsGiven = command.getOptionValueSource("mode") === "cli";
      const flags: Omit<RunFlags, "modeIsGiven"> = command.optsWithGlobals();
      return run(terminal, sql, { ...flags, modeIsGiven });
    });
}
