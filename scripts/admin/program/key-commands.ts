import { InvalidArgumentError, type Command } from "commander";
import { given } from "#lang/given.ts";
import { Scope } from "#protocol/scope.ts";
import {
  findPlace,
  listKeys,
  listOperatorKeys,
  makeKey,
  makeOperatorKey,
  revokeKey,
  revokeOperatorKey,
} from "../keys.ts";
import { findTenant } from "../tenants.ts";
import type { Run } from "../world.ts";
import { linesOf, readNumber } from "./words.ts";

const minutesOfDay = 24 * 60;

/** Adds the commands for keys. */
export function addKeyCommands(program: Command, run: Run): void {
  addUserKeys(program.command("keys").description("API keys of users"), run);
  addOperatorKeys(program.command("operator-keys").description("keys for /v1/admin"), run);
}

type Wanted = { user: string; tenant?: string; mid?: number; name: string; days: number; scopes?: Scope[] };

function addUserKeys(keys: Command, run: Run): void {
  keys
    .command("create")
    .description("makes one for a user, who need not have signed in; it is printed this once")
    .requiredOption("--user <user>", "the user's id")
    .option("--tenant <tenant>", "else the one of the oldest connection")
    .option("--mid <mid>", "the business unit, else the connection's first", readNumber)
    .option("--name <name>", "as the user sees it in the list", "made by an operator")
    .option("--days <days>", "how long it lives", readNumber, 90)
    .option("--scopes <list>", "separated by commas; else all but mcp", readScopes)
    .action(({ user, tenant, mid, name, days, scopes }: Wanted) =>
      run(async ({ owner, environment }) => {
        const tenantId = tenant === undefined ? undefined : (await findTenant(owner, tenant)).id;
        const place = await findPlace(owner, given({ mid, tenantId }));
        if (place === undefined) throw new Error("There is no connection for it; npm run admin -- connect makes one");
        const wanted = { user, name, minutes: days * minutesOfDay, ...given({ scopes }) };
        const made = await makeKey(owner, environment, place, wanted);
        return { value: { ...made, ...place }, lines: [made.key] };
      }),
    );
  keys
    .command("list")
    .requiredOption("--tenant <tenant>")
    .action(({ tenant }: { tenant: string }) =>
      run(async ({ owner }) => {
        const value = await listKeys(owner, (await findTenant(owner, tenant)).id);
        return { value, lines: linesOf(value, "it has no key") };
      }),
    );
  keys.command("revoke <id>").action((id: string) =>
    run(async ({ owner }) => {
      await revokeKey(owner, id);
      return { value: { revoked: id }, lines: [`revoked key ${id}; it ends within half a minute`] };
    }),
  );
}

function addOperatorKeys(keys: Command, run: Run): void {
  keys
    .command("create")
    .description("makes one; it is printed this once")
    .requiredOption("--name <name>", "who or what it is for")
    .action(({ name }: { name: string }) =>
      run(async ({ owner, environment }) => {
        const made = await makeOperatorKey(owner, environment, name);
        return { value: made, lines: [made.key] };
      }),
    );
  keys.command("list").action(() =>
    run(async ({ owner }) => {
      const value = await listOperatorKeys(owner);
      return { value, lines: linesOf(value, "there is no operator's key") };
    }),
  );
  keys.command("revoke <id>").action((id: string) =>
    run(async ({ owner }) => {
      await revokeOperatorKey(owner, id);
      return { value: { revoked: id }, lines: [`revoked operator's key ${id}`] };
    }),
  );
}

function readScopes(text: string): Scope[] {
  const read = Scope.array().safeParse(text.split(",").map((one) => one.trim()));
  if (!read.success) throw new InvalidArgumentError(`They are some of ${Scope.options.join(", ")}.`);
  return read.data;
}
