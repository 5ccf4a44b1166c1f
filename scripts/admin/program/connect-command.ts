import type { Command } from "commander";
import { connect } from "../connect.ts";
import type { Run, World } from "../world.ts";
import { readNumber, readNumbers, readSubdomain } from "./words.ts";

type Wanted = { name: string; eid: number; mids: number[]; subdomain: string; clientId: string };

/** Adds the command that connects an enterprise by a server-to-server package. */
export function addConnectCommand(program: Command, world: World, run: Run): void {
  program
    .command("connect")
    .description(
      "adds a tenant with its installed package of Marketing Cloud, or changes the package it has. The client secret comes from MCE_CLIENT_SECRET or standard input. It is tried in each business unit first; nothing is stored when something is missing",
    )
    .requiredOption("--name <name>", "the tenant's name")
    .requiredOption("--eid <eid>", "the MID of the parent business unit", readNumber)
    .requiredOption("--mid, --mids <mids>", "the business units that it is for, separated by commas", readNumbers)
    .requiredOption("--subdomain <subdomain>", "the part before .auth.marketingcloudapis.com", readSubdomain)
    .requiredOption("--client-id <id>", "of the package")
    .action((wanted: Wanted) =>
      run(async (installation) => {
        const clientSecret = await world.readSecret();
        if (clientSecret === "")
          throw new Error("Cannot connect: no client secret, neither MCE_CLIENT_SECRET nor standard input");
        const made = await connect(installation, { ...wanted, clientSecret }, world.say);
        const line = `connected ${wanted.name}: tenant ${made.tenantId}, connection ${made.connectionId}`;
        return { value: made, lines: [line] };
      }),
    );
}
