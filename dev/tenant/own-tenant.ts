import { fileURLToPath } from "node:url";
import { openPlatform, type Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import type { MceFailure } from "#mce/failure.ts";
import { hostsOf } from "#mce/hosts.ts";
import { lackingScopes, scopesText } from "#mce/scopes.ts";
import { signIn } from "../../scripts/setup/sign-in.ts";
import type { Variables } from "../stack/environment.ts";
import { readEnterprise } from "./enterprise.ts";
import { readTenantVariables, type TenantVariables } from "./variables.ts";

/** A tenant of Marketing Cloud that a stack works on instead of the sandbox; it has been signed in to. */
export type OwnTenant = TenantVariables & {
  eid: number;
  name: string;
  /** Development only: answers instead of the tenant's hosts, on this machine's loopback. */
  sandboxUrl?: string;
};

/** A query that every account can run: each has this data view. */
export const everyonesQuery = "SELECT TOP 10 JobID FROM _Job";

/** The project's file of variables. */
export const projectsFile = fileURLToPath(new URL("../../.env", import.meta.url));

type Deps = {
  caller: Variables;
  say: (line: string) => void;
  /** Has what the environment lacks; absent: the project's `.env`. */
  envFile?: string;
  platform?: Platform;
};

/**
 * Reads which tenant the stack is for, and asks Marketing Cloud whether its package may do what runs need.
 *
 * @returns undefined when no variable names one: the stack is for the sandbox
 * @throws with one line: which variable is missing, or what Marketing Cloud answered. It never has the client secret
 */
export async function openOwnTenant(deps: Deps): Promise<OwnTenant | undefined> {
  const { caller, say, envFile = projectsFile, platform = openPlatform() } = deps;
  const wanted = await readTenantVariables(caller, envFile);
  if (wanted === undefined) return undefined;
  const sandboxUrl = readAddress(caller);
  const tenant = await ask(wanted, { ...given({ sandboxUrl }), platform, say });
  const place = sandboxUrl === undefined ? tenant.subdomain : `${tenant.subdomain}, answered by ${sandboxUrl}`;
  say(`Marketing Cloud gives a token: business unit ${tenant.mid} of ${tenant.name} (EID ${tenant.eid}, ${place})`);
  return tenant;
}

/** Where stand-ins for the tenant's hosts answer. @throws when that is not on this machine, or the waits would be divided */
function readAddress(caller: Variables): string | undefined {
  const address = caller["MCE_SANDBOX_URL"]?.replace(/\/+$/, "");
  if (address === undefined || address === "") {
    // A divided wait would put many times the calls on a tenant.
    if (Number(caller["SQE_TIME_SCALE"] ?? 1) !== 1) throw refused("SQE_TIME_SCALE is for the sandbox only");
    return undefined;
  }
  const host = URL.parse(address)?.hostname ?? "";
  // Anywhere else it would receive the client secret.
  if (host !== "localhost" && !/^127\.\d+\.\d+\.\d+$/.test(host))
    throw refused("MCE_SANDBOX_URL may only point to this machine's loopback");
  return address;
}

async function ask(
  wanted: TenantVariables,
  { sandboxUrl, platform, say }: { sandboxUrl?: string; platform: Platform; say: (line: string) => void },
): Promise<OwnTenant> {
  const { platform: watched, reason } = withReason(platform);
  // Which enterprise it is only the token tells; asking for one does not need it.
  const token = await signIn({ ...wanted, eid: wanted.mid }, { platform: watched, ...given({ sandboxUrl }) });
  if (!token.ok) throw refused(withoutSecret(answerOf(wanted, sandboxUrl, token.error, reason()), wanted));
  const lacking = lackingScopes(token.value);
  if (lacking.length > 0)
    throw refused(`the package lacks ${scopesText(lacking)}; add it in Setup, Installed Packages`);
  const { accessToken } = token.value;
  const found = await readEnterprise(platform, { accessToken, subdomain: wanted.subdomain, ...given({ sandboxUrl }) });
  if (found === undefined)
    say(`Marketing Cloud does not say which enterprise ${wanted.mid} is in; shared tables are looked for in itself`);
  return { ...wanted, eid: found?.eid ?? wanted.mid, name: found?.name ?? wanted.subdomain, ...given({ sandboxUrl }) };
}

function answerOf(
  { subdomain, mid }: TenantVariables,
  sandboxUrl: string | undefined,
  { message }: MceFailure,
  reason: string | undefined,
): string {
  const host = new URL(hostsOf(subdomain, sandboxUrl)?.auth ?? "https://unknown").host;
  if (reason === "ENOTFOUND") return `${host} is unknown (ENOTFOUND); is MCE_SUBDOMAIN right?`;
  if (/not accessible for this account/i.test(message))
    return `${message} Is MCE_MID right, and is the package enabled for business unit ${mid}?`;
  return reason === undefined ? message : `${message} (${host}: ${reason})`;
}

/** The same platform, and a way to read why its last request got no answer: Node's word for it. */
function withReason(platform: Platform): { platform: Platform; reason: () => string | undefined } {
  let reason: string | undefined;
  const watch = async (...words: Parameters<typeof fetch>): Promise<Response> => {
    try {
      return await platform.fetch(...words);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (typeof cause === "object" && cause !== null && "code" in cause) reason = String(cause.code);
      throw error;
    }
  };
  return { platform: { ...platform, fetch: watch }, reason: () => reason };
}

/** One line without the secret, whatever Marketing Cloud put into its answer. */
function withoutSecret(text: string, { clientSecret }: TenantVariables): string {
  return text.replaceAll(clientSecret, "***").replaceAll(/\s+/g, " ");
}

function refused(reason: string): Error {
  return new Error(`Cannot use a Marketing Cloud of yours: ${reason}`);
}
