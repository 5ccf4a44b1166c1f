import { z } from "zod";
import { readEnvFile } from "../../scripts/setup/env-file.ts";
import type { Variables } from "../stack/environment.ts";

/** One business unit of a tenant and the installed package that signs in to it, as the variables name them. */
export type TenantVariables = { subdomain: string; clientId: string; clientSecret: string; mid: number };

const names = ["MCE_SUBDOMAIN", "MCE_CLIENT_ID", "MCE_CLIENT_SECRET", "MCE_MID"] as const;

/** For an environment: the stack is for the sandbox, whatever the file says. */
export const withoutTenant: Readonly<Record<string, string>> = Object.fromEntries(names.map((name) => [name, ""]));

/** The sub-domain alone, or one of the base URIs that the package's page in Setup shows. */
const subdomainForm = /^(?:https:\/\/)?(mc[a-z0-9-]+)(?:\.(?:auth|rest|soap)\.marketingcloudapis\.com\/?)?$/;

const Values = z.object({
  MCE_SUBDOMAIN: z
    .string()
    .regex(subdomainForm, "MCE_SUBDOMAIN is not what stands before .auth.marketingcloudapis.com")
    .transform((value) => subdomainForm.exec(value)?.[1] ?? value),
  MCE_CLIENT_ID: z.string(),
  MCE_CLIENT_SECRET: z.string(),
  MCE_MID: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "MCE_MID is not a business unit's number")
    .transform(Number),
});

/**
 * Reads which tenant of Marketing Cloud a stack is for: from the environment and, for what it lacks, from a file.
 *
 * @param envFile need not exist
 * @returns undefined when none of the four variables is set: the stack is for the sandbox
 * @throws naming the variable that is missing or malformed, never a value
 */
export async function readTenantVariables(caller: Variables, envFile: string): Promise<TenantVariables | undefined> {
  const { given, missing } = await readGiven(caller, envFile);
  if (missing.length === names.length) return undefined;
  if (missing.length > 0) {
    const are = missing.length === 1 ? "is" : "are";
    throw new Error(`Cannot use a Marketing Cloud of yours: ${missing.join(" and ")} ${are} missing`);
  }
  const parsed = Values.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ message }) => message);
    throw new Error(`Cannot use a Marketing Cloud of yours: ${problems.join("; ")}`);
  }
  const {
    MCE_SUBDOMAIN: subdomain,
    MCE_CLIENT_ID: clientId,
    MCE_CLIENT_SECRET: clientSecret,
    MCE_MID: mid,
  } = parsed.data;
  return { subdomain, clientId, clientSecret, mid };
}

/** The names of the four variables that neither the environment nor the file has. */
export async function missingVariables(caller: Variables, envFile: string): Promise<readonly string[]> {
  return (await readGiven(caller, envFile)).missing;
}

async function readGiven(caller: Variables, envFile: string) {
  const file = await readEnvFile(envFile);
  const given = Object.fromEntries(names.map((name) => [name, (caller[name] ?? file[name] ?? "").trim()]));
  return { given, missing: names.filter((name) => given[name] === "") };
}
