import type { Command } from "commander";
import { countOf, createTenant, findTenant, listTenants, removeTenant, setMcp } from "../tenants.ts";
import { countOfPerson, removePerson } from "../people.ts";
import type { Run, World } from "../world.ts";
import { linesOf, readNumber, readSlug, readSubdomain } from "./words.ts";

/** Adds the commands for tenants and their people. */
export function addTenantCommands(program: Command, world: World, run: Run): void {
  const tenants = program.command("tenants").description("the enterprises that use the service");
  tenants
    .command("list")
    .description("all of them, with what each has")
    .action(() =>
      run(async ({ owner }) => {
        const value = await listTenants(owner);
        return { value, lines: linesOf(value, "there is no tenant yet") };
      }),
    );
  tenants
    .command("create")
    .description("makes one before anybody has signed in")
    .requiredOption("--eid <eid>", "the MID of the parent business unit", readNumber)
    .requiredOption("--name <name>", "as people know it")
    .option("--slug <slug>", "the last part of its own address to sign in, /t/<slug>", readSlug)
    .option("--subdomain <subdomain>", "where its people sign in", readSubdomain)
    .action((options: { eid: number; name: string; slug?: string; subdomain?: string }) =>
      run(async ({ owner }) => {
        const value = await createTenant(owner, options);
        return { value, lines: [`made tenant ${value.id} of enterprise ${value.eid}`] };
      }),
    );
  addRemoval(tenants, world, run);
  addMcp(program, run);
  addPerson(program, world, run);
}

function addRemoval(tenants: Command, world: World, run: Run): void {
  tenants
    .command("remove <tenant>")
    .description("deletes one with all that is stored of it; says what goes, and asks")
    .option("--yes", "do not ask")
    .action((named: string, { yes }: { yes?: true }) =>
      run(async ({ owner }) => {
        const tenant = await findTenant(owner, named);
        const counts = await countOf(owner, tenant);
        world.say(`tenant "${tenant.name}" (EID ${tenant.eid}) goes, with its audit log and ${shown(counts)}`);
        world.say("temporary tables in its Marketing Cloud that are left stay there: nobody can sign in to sweep them");
        if (yes !== true && !(await world.ask("Delete all of it?"))) throw new Error("Nothing was deleted");
        await removeTenant(owner, tenant);
        return { value: { removed: tenant.id, ...counts }, lines: [`deleted tenant ${tenant.id}`] };
      }),
    );
}

function addMcp(program: Command, run: Run): void {
  program
    .command("mcp <tenant> <on|off>")
    .description("lets a tenant's people use assistants (MCP): rows then leave for somebody's language model")
    .action((named: string, word: string) =>
      run(async ({ owner }) => {
        if (word !== "on" && word !== "off") throw new Error("Say on or off");
        const tenant = await findTenant(owner, named);
        await setMcp(owner, tenant, word === "on");
        return { value: { tenant: tenant.id, mcp: word === "on" }, lines: [`MCP is ${word} for "${tenant.name}"`] };
      }),
    );
}

function addPerson(program: Command, world: World, run: Run): void {
  program
    .command("user")
    .description("the people of a tenant")
    .command("remove <user>")
    .description("deletes a person's runs, keys, grants and sessions; says what goes, and asks")
    .requiredOption("--tenant <tenant>")
    .option("--yes", "do not ask")
    .action((user: string, { tenant: named, yes }: { tenant: string; yes?: true }) =>
      run(async ({ owner }) => {
        const tenant = await findTenant(owner, named);
        const counts = await countOfPerson(owner, tenant.id, user);
        world.say(`of user "${user}" of "${tenant.name}" these go: ${shown(counts)}; the audit log keeps the id`);
        if (counts.liveRuns > 0)
          throw new Error(`${counts.liveRuns} runs are not over, and would be written again; cancel them or wait`);
        if (yes !== true && !(await world.ask("Delete all of it?"))) throw new Error("Nothing was deleted");
        await removePerson(owner, tenant.id, user);
        return { value: { removed: user, ...counts }, lines: [`deleted all of user "${user}"`] };
      }),
    );
}

function shown(counts: object): string {
  return Object.entries(counts)
    .map(([name, count]) => `${String(count)} ${name === "liveRuns" ? "of them alive" : name}`)
    .join(", ");
}
