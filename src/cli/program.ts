import { Command } from "commander";
import { addAccountCommands } from "./program/account-commands.ts";
import { addCheckCommand } from "./program/check-command.ts";
import { addRunCommands } from "./program/run-commands.ts";
import { addSchemaCommands } from "./program/schema-commands.ts";
import type { Terminal } from "./terminal.ts";

const more = `
Where the engine is: SQE_URL and SQE_TOKEN; else the profile that --profile or SQE_PROFILE names; else the stack of
\`npm run dev\` in this folder or one above; else what \`sqe login\` has kept.
Exit codes: 0 good, 1 other, 2 usage, 3 not signed in or not allowed, 4 not found or expired, 5 query refused or failed,
6 busy, timed out or unreachable, 130 ended by Ctrl-C.`;

/** The command line: which commands and flags there are. What they do is in \`commands\`. */
export function openProgram(terminal: Terminal, version: string): Command {
  const program = new Command("sqe")
    .description("Runs SELECTs in Salesforce Marketing Cloud. Data goes to stdout, everything else to stderr.")
    .version(version)
    .option("-q, --quiet", "no status, no notes")
    .option("--profile <name>", "use this sign-in of sqe login (SQE_PROFILE)")
    .option("--no-color", "no colors, as with NO_COLOR")
    .addHelpText("after", more)
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
    });
  addRunCommands(program, terminal);
  addCheckCommand(program, terminal);
  addSchemaCommands(program, terminal);
  addAccountCommands(program, terminal);
  return program;
}
