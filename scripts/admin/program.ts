import { Command } from "commander";
import { addAccessCommands } from "./program/access-commands.ts";
import { addConnectCommand } from "./program/connect-command.ts";
import { addKeyCommands } from "./program/key-commands.ts";
import { addSignInCommands } from "./program/sign-in-commands.ts";
import { addTenantCommands } from "./program/tenant-commands.ts";
import type { Run, World } from "./world.ts";

const more = `
It works on the database of DATABASE_OWNER_URL (operator.env) and what npm run setup made, else on the stack of npm run dev.
A tenant is named by its id, its EID or its slug.`;

/** The commands of operators. What they do is in the files beside this one. */
export function openAdmin(world: World): Command {
  const program = new Command("npm run admin --")
    .description("Tenants, invitations, connections and keys, for operators of the service.")
    .option("--json", "print JSON")
    .addHelpText("after", more)
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.print(text.trimEnd()),
      writeErr: (text) => world.say(text.trimEnd()),
    });
  const run: Run = async (work) => {
    const installation = await world.open();
    try {
      const { value, lines } = await work(installation);
      if (program.opts()["json"] === true) world.print(JSON.stringify(value, null, 2));
      else for (const line of lines) world.print(line);
    } finally {
      await installation.owner.end();
    }
  };
  addTenantCommands(program, world, run);
  addAccessCommands(program, run);
  addSignInCommands(program, world, run);
  addConnectCommand(program, world, run);
  addKeyCommands(program, run);
  return program;
}
