import { InvalidArgumentError, type Command } from "commander";
import type { Scope } from "#client/account-types.ts";
import { createKey, keys, revokeKey, whoami } from "../commands/account.ts";
import { businessUnits, switchUnit } from "../commands/business-units.ts";
import { login, logout } from "../commands/sign-in.ts";
import type { Terminal } from "../terminal.ts";
import { formatOption, wholeNumber } from "./options.ts";

const scopes = ["runs:read", "runs:write", "runs:target", "tables:read", "mcp"] as const satisfies readonly Scope[];

/** Adds the commands about who calls. */
export function addAccountCommands(program: Command, terminal: Terminal): void {
  program
    .command("login")
    .description("sign in by a browser, anywhere: compare a code there; the key is kept in a profile")
    .option("--url <address>", "where the engine is")
    .action((_, command: Command) => login(terminal, command.optsWithGlobals()));
  program
    .command("logout")
    .description("revoke the keys of the profile and remove it")
    .action((_, command: Command) => logout(terminal, command.optsWithGlobals()));
  program
    .command("whoami")
    .description("print who you are here, what you may do, until when, and where that comes from")
    .addOption(formatOption())
    .action((_, command: Command) => whoami(terminal, command.optsWithGlobals()));
  program
    .command("bu")
    .description("list business units, or work in this one from now on; a new one is signed in to")
    .argument("[mid]", "the unit to work in", readMid)
    .addOption(formatOption())
    .action((mid: number | undefined, _, command: Command) =>
      mid === undefined
        ? businessUnits(terminal, command.optsWithGlobals())
        : switchUnit(terminal, mid, command.optsWithGlobals()),
    );
  addKeys(program, terminal);
}

function addKeys(program: Command, terminal: Terminal): void {
  const group = program
    .command("keys")
    .description("list your API keys; create or revoke one")
    .addOption(formatOption())
    .action((_, command: Command) => keys(terminal, command.optsWithGlobals()));
  group
    .command("create <name>")
    .description("make a key for a program of yours, in this business unit; it is printed this once")
    .option("--scopes <list>", `some of ${scopes.join(",")}`, readScopes)
    .option("--days <n>", "how long it lives, up to 365 (90)", wholeNumber)
    .action((name: string, _, command: Command) => createKey(terminal, name, command.optsWithGlobals()));
  group
    .command("revoke <id>")
    .description("end a key")
    .action((id: string, _, command: Command) => revokeKey(terminal, id, command.optsWithGlobals()));
}

function readMid(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("A MID is a whole number.");
  return Number(text);
}

function readScopes(text: string): Scope[] {
  return text.split(",").map((word) => {
    const scope = scopes.find((it) => it === word.trim());
    if (scope === undefined) throw new InvalidArgumentError(`They are some of ${scopes.join(", ")}.`);
    return scope;
  });
}
