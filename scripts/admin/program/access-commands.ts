import type { Command } from "commander";
import { given } from "#lang/given.ts";
import {
  allowEnterprise,
  disallowEnterprise,
  invite,
  listAllowed,
  listInvitations,
  revokeInvitation,
} from "../entry.ts";
import { addIssuer, listIssuers, removeIssuer } from "../issuers.ts";
import { findTenant } from "../tenants.ts";
import type { Run } from "../world.ts";
import { linesOf, readNumber } from "./words.ts";

/** Adds the commands that decide who may come in. */
export function addAccessCommands(program: Command, run: Run): void {
  addInvitations(program, run);
  addEnterprises(program, run);
  addIssuers(program, run);
}

type Invited = { eid?: number; name?: string; administrator?: true; days: number };

function addInvitations(program: Command, run: Run): void {
  const invitations = program.command("invitations").description("one-time links to come in");
  invitations
    .command("create")
    .option("--eid <eid>", "only for this enterprise", readNumber)
    .option("--name <name>", "the name of the tenant that it makes")
    .option("--administrator", "who uses it becomes the tenant's administrator")
    .option("--days <days>", "how long it can be used", readNumber, 7)
    .action(({ eid, name, administrator, days }: Invited) =>
      run(async ({ owner, edgeUrl = "" }) => {
        const wanted = { isAdministrator: administrator === true, days, ...given({ eid, name }) };
        const made = await invite(owner, wanted);
        const link = `${edgeUrl.replace(/\/+$/, "")}/auth/login?invitation=${made.code}`;
        return { value: { ...made, link }, lines: [link, `it works once, until ${made.expiresAt}`] };
      }),
    );
  invitations.command("list").action(() =>
    run(async ({ owner }) => {
      const value = await listInvitations(owner);
      return { value, lines: linesOf(value, "there is no invitation") };
    }),
  );
  invitations.command("revoke <id>").action((id: string) =>
    run(async ({ owner }) => {
      await revokeInvitation(owner, id);
      return { value: { revoked: id }, lines: [`revoked invitation ${id}`] };
    }),
  );
}

function addEnterprises(program: Command, run: Run): void {
  const enterprises = program.command("enterprises").description("who may come in without an invitation");
  enterprises
    .command("allow")
    .argument("<eid>", "the MID of the parent business unit", readNumber)
    .option("--note <note>", "why")
    .action((eid: number, { note }: { note?: string }) =>
      run(async ({ owner }) => {
        await allowEnterprise(owner, eid, note);
        return { value: { allowed: eid }, lines: [`the people of enterprise ${eid} may come in`] };
      }),
    );
  enterprises.command("list").action(() =>
    run(async ({ owner }) => {
      const value = await listAllowed(owner);
      return { value, lines: linesOf(value, "no enterprise is on the list") };
    }),
  );
  enterprises
    .command("disallow")
    .argument("<eid>", "of the list", readNumber)
    .action((eid: number) =>
      run(async ({ owner }) => {
        await disallowEnterprise(owner, eid);
        return { value: { disallowed: eid }, lines: [`enterprise ${eid} is off the list; who came already stays`] };
      }),
    );
}

type Trusted = { tenant: string; issuer: string; audience: string; jwks: string };

function addIssuers(program: Command, run: Run): void {
  const issuers = program.command("issuers").description("other sign-ins whose tokens a tenant trusts (RS256, ES256)");
  issuers
    .command("add")
    .requiredOption("--tenant <tenant>")
    .requiredOption("--issuer <issuer>", "the claim iss")
    .requiredOption("--audience <audience>", "the claim aud")
    .requiredOption("--jwks <url>", "where the public keys are")
    .action(({ tenant, ...rest }: Trusted) =>
      run(async ({ owner, environment }) => {
        const { id: tenantId, name } = await findTenant(owner, tenant);
        await addIssuer(owner, { tenantId, ...rest }, environment === "development");
        return { value: { tenant: tenantId, ...rest }, lines: [`"${name}" trusts ${rest.issuer}`] };
      }),
    );
  issuers
    .command("list")
    .requiredOption("--tenant <tenant>")
    .action(({ tenant }: { tenant: string }) =>
      run(async ({ owner }) => {
        const value = await listIssuers(owner, (await findTenant(owner, tenant)).id);
        return { value, lines: linesOf(value, "it trusts no issuer") };
      }),
    );
  issuers.command("remove <id>").action((id: string) =>
    run(async ({ owner }) => {
      await removeIssuer(owner, id);
      return { value: { removed: id }, lines: [`removed issuer ${id}; its tokens end within a minute`] };
    }),
  );
}
