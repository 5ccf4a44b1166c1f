import { Option, type Command } from "commander";
import { checkFormats } from "../check/report.ts";
import { check } from "../commands/check.ts";
import type { Terminal } from "../terminal.ts";
import { modeOption, paramOption } from "./options.ts";

/** Adds the command that checks queries. */
export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command("check [sql-or-files...]")
    .description("say what is wrong with a query, or with files such as 'sql/**/*.sql', without running it")
    .addOption(
      new Option("--format <format>", "how to print (text; github in a GitHub workflow)").choices(checkFormats),
    )
    .option("--fix", "write the edits that mend findings")
    .option("--no-validate", "without Marketing Cloud's own check")
    .option("--fields <file>", "check without the engine, by a snapshot of fields")
    .option("--save-fields <file>", "write such a snapshot of the tables that are read")
    .option("--into <key>", "check against the Data Extension with this key, too")
    .addOption(modeOption())
    .addOption(paramOption())
    .action((names: readonly string[], _, command: Command) => check(terminal, names, command.optsWithGlobals()));
}
