import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import type { MceAccess } from "#mce/access.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import type { MceFailure } from "#mce/failure.ts";
import { readRowset } from "#mce/rest/rowset.ts";
import { lackingScopes, scopesText, type Scope } from "#mce/scopes.ts";
import { findFolders } from "#mce/soap/folder.ts";
import { mintToken } from "#mce/token-request.ts";
import { broken, ok, type Finding } from "./finding.ts";

export type ConnectionAt = { tenantId: string; mid: number; connectionId: string };
type Deps = { platform: Platform; sandboxUrl?: string };

const timeoutMs = 6000;

/** Signs in as one connection and makes the calls that no run can do without: a token, its scopes, folders, a rowset. */
export async function connectionFinding(
  where: string,
  access: MceAccess,
  { platform, sandboxUrl }: Deps,
): Promise<Finding> {
  const token = await mintToken(access, { platform, readTimeoutMs: timeoutMs, ...given({ sandboxUrl }) });
  if (!token.ok) return tokenFinding(where, token.error);
  const { scopes } = token.value;
  const lacking = lackingScopes(token.value);
  if (lacking.length > 0) return scopesFinding(where, lacking);
  const mce = openMce(access, {
    platform,
    tokens: openTokenCache(),
    // Three calls by hand, outside the budget.
    gate: { enter: () => Promise.resolve({ ok: true, value: () => undefined }) },
    readTimeoutMs: timeoutMs,
    effectTimeoutMs: timeoutMs,
    ...given({ sandboxUrl }),
  });
  const [folders, rows] = await Promise.all([
    findFolders(mce, { contentType: "dataextension" }),
    readRowset(mce, { customerKey: `sqe-doctor-${crypto.randomUUID().slice(0, 8)}`, page: 1, pageSize: 1 }),
  ]);
  if (!folders.ok) return callFinding(`${where}: its folders cannot be read over SOAP`, folders.error);
  // No such table is the right answer.
  if (!rows.ok && rows.error.kind !== "rejected")
    return callFinding(`${where}: rows cannot be read over REST`, rows.error);
  return ok(`${where}: token, ${scopes === undefined ? "scopes unknown" : "scopes"}, folders and rows`);
}

function tokenFinding(where: string, { kind }: MceFailure): Finding {
  if (kind === "throttled" || kind === "unavailable") return callFinding(`${where}: no token`, { kind });
  return broken(
    `${where}: Marketing Cloud refuses the credentials or the business unit`,
    "Runs of this connection fail as REAUTH_REQUIRED",
    "Is the installed package still there and enabled, for this business unit? Was its secret changed? Store it anew",
  );
}

function scopesFinding(where: string, scopes: readonly Scope[]): Finding {
  return broken(
    `${where}: the installed package lacks ${scopesText(scopes)}`,
    "Runs of this connection fail, or leave something behind",
    "Add the permissions in Setup, Apps, Installed Packages",
  );
}

function callFinding(what: string, { kind }: Pick<MceFailure, "kind">): Finding {
  const means = "Runs of this business unit fail or wait";
  switch (kind) {
    case "throttled":
      return broken(
        `${what}: Marketing Cloud asks for a pause`,
        means,
        "Wait; if it is often so, lower MCE_CALLS_PER_MINUTE",
      );
    case "unavailable":
    case "aborted":
      return broken(
        `${what}: Marketing Cloud does not answer in time`,
        means,
        "See trust.salesforce.com; is the sub-domain right?",
      );
    case "forbidden":
    case "unauthorized":
    case "rejected":
      return broken(`${what}: Marketing Cloud refuses`, means, "Check the permissions of the installed package");
  }
}
