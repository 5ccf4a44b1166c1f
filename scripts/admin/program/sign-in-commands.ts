import type { Command } from "commander";
import { given } from "#lang/given.ts";
import { addPackage, findPackage, listPackages, removePackage } from "../packages.ts";
import { findTenant, setSlug } from "../tenants.ts";
import type { Run, World } from "../world.ts";
import { linesOf, readSlug, readSubdomain } from "./words.ts";

/** Adds the commands that say where and with what a tenant's people sign in. */
export function addSignInCommands(program: Command, world: World, run: Run): void {
  const packages = program.command("packages").description("web-app packages of tenants, instead of the service's own");
  addAdding(packages, world, run);
  packages
    .command("list")
    .requiredOption("--tenant <tenant>")
    .action(({ tenant }: { tenant: string }) =>
      run(async ({ owner }) => {
        const value = await listPackages(owner, (await findTenant(owner, tenant)).id);
        return { value, lines: linesOf(value, "it has no package of its own") };
      }),
    );
  addRemoval(packages, world, run);
  addSlug(program, run);
}

type Wanted = { tenant: string; clientId: string; subdomain?: string };

function addAdding(packages: Command, world: World, run: Run): void {
  packages
    .command("add")
    .description(
      "adds one, or changes its secret; the one added last counts. The client secret comes from MCE_CLIENT_SECRET or standard input. Both are tried first; nothing is stored when Marketing Cloud refuses them",
    )
    .requiredOption("--tenant <tenant>")
    .requiredOption("--client-id <id>", "of the package")
    .option("--subdomain <subdomain>", "for a tenant that has none yet", readSubdomain)
    .action(({ tenant: named, clientId, subdomain }: Wanted) =>
      run(async (installation) => {
        const tenant = await findTenant(installation.owner, named);
        const clientSecret = await world.readSecret();
        if (clientSecret === "")
          throw new Error("Cannot add the package: no client secret, neither MCE_CLIENT_SECRET nor standard input");
        const added = await addPackage(installation, tenant, { clientId, clientSecret, ...given({ subdomain }) });
        world.say("Marketing Cloud takes the id and the secret; redirect address and permissions show at a sign-in");
        const line = `the people of "${tenant.name}" sign in at ${added.subdomain} with package ${added.id}`;
        return { value: { tenant: tenant.id, ...added }, lines: [line] };
      }),
    );
}

function addRemoval(packages: Command, world: World, run: Run): void {
  packages
    .command("remove <id>")
    .description("removes one; says who has to sign in again, and asks")
    .option("--yes", "do not ask")
    .action((id: string, { yes }: { yes?: true }) =>
      run(async ({ owner }) => {
        const { tenant, people } = await findPackage(owner, id);
        world.say(
          `${people} people of "${tenant}" signed in with it: their sessions and keys end, and they sign in anew`,
        );
        if (yes !== true && !(await world.ask("Remove it?"))) throw new Error("Nothing was removed");
        await removePackage(owner, id);
        return { value: { removed: id, people }, lines: [`removed package ${id}`] };
      }),
    );
}

function addSlug(program: Command, run: Run): void {
  program
    .command("slug")
    .description("gives a tenant its own address to sign in, /t/<slug>, or takes it with --clear")
    .argument("<tenant>")
    .argument("[slug]", "the last part of the address", readSlug)
    .option("--clear", "it has none then")
    .action((named: string, word: string | undefined, { clear }: { clear?: true }) =>
      run(async ({ owner, edgeUrl = "" }) => {
        if ((word === undefined) === (clear === undefined)) throw new Error("Say a slug, or --clear");
        const slug = word ?? null;
        const tenant = await findTenant(owner, named);
        await setSlug(owner, tenant, slug);
        const value = { tenant: tenant.id, slug };
        if (slug === null) return { value, lines: [`"${tenant.name}" has no address of its own`] };
        const link = `${edgeUrl.replace(/\/+$/, "")}/t/${slug}`;
        const unknown = "it has no sub-domain yet: the address works once one of its people has signed in otherwise";
        return { value: { ...value, link }, lines: [link, ...(tenant.subdomain === null ? [unknown] : [])] };
      }),
    );
}
