import { Option, type Command } from "commander";
import { describe, preview, queries, tables } from "../commands/schema.ts";
import type { Terminal } from "../terminal.ts";
import { formatOption, wholeNumber } from "./options.ts";

const kinds = ["data-extension", "shared", "synchronized", "data-view"];

/** Adds the commands about what there is to query. */
export function addSchemaCommands(program: Command, terminal: Terminal): void {
  const list = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .addOption(formatOption())
      .option("--limit <n>", "at most this many, up to 1000", wholeNumber, 100)
      .option("--cursor <cursor>", "go on after the list before");
  list("tables [text]", "list tables whose name has the text, or all")
    .addOption(new Option("--kind <kind>", "only tables of this kind").choices(kinds))
    .option("--folder <id>", "only tables in this folder", wholeNumber)
    .option("--refresh", "ask Marketing Cloud again")
    .action((q: string | undefined, _, command: Command) => tables(terminal, q, command.optsWithGlobals()));
  program
    .command("describe <table>")
    .description("list the fields of a table, named as after FROM")
    .addOption(formatOption())
    .option("--refresh", "ask Marketing Cloud again")
    .action((name: string, _, command: Command) => describe(terminal, name, command.optsWithGlobals()));
  program
    .command("preview")
    .description("print a page of a table's rows without a query")
    .argument("<table>")
    .argument("[n]", "the page", wholeNumber, 1)
    .addOption(formatOption())
    .action((name: string, n: number, _, command: Command) => preview(terminal, name, n, command.optsWithGlobals()));
  list("queries [text]", "list Query Activities of Automation Studio")
    .option("--key <key>", "print the SQL of this one")
    .action((q: string | undefined, _, command: Command) => queries(terminal, q, command.optsWithGlobals()));
}
