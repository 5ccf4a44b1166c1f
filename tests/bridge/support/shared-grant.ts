import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openDatabase } from "#db/database.ts";
import { keepGrant } from "#db/grants.ts";
import { openVault } from "#db/vault.ts";
import type { Token } from "#mce/token.ts";
import { requestToken } from "#mce/token-request.ts";
import { tenants } from "../../../dev/stack/seed.ts";
import { mceDeps } from "../../support/platform.ts";

/** Where processes share a person's grant: `url` is of sqe_app, and `fetchEndpoint` that of Neon's protocol. */
export type SharedAt = { url: string; fetchEndpoint: string; sandboxUrl: string };

export const vaultKeys = `kid1:${Buffer.alloc(32, 7).toString("base64")}`;
export const [{ id: tenantId }] = tenants;
const app = { clientId: "sandbox-app", clientSecret: "sandbox-app-secret" };
/** The enterprise and the package of the person. */
export const enterprise = { eid: 7000001, subdomain: "mcsandbox-enterprise-a000001", ...app };

/** Signs Ann in, and keeps her consent as a sign-in does. @returns the grant's id */
export async function signInAnn({ url, fetchEndpoint, sandboxUrl }: SharedAt, mid = 7000001): Promise<string> {
  const redirect_uri = "http://127.0.0.1/callback";
  const asked = { response_type: "code", client_id: app.clientId, redirect_uri, decision: "allow", mid: String(mid) };
  const allowed = await fetch(`${sandboxUrl}/v2/authorize`, {
    method: "POST",
    body: new URLSearchParams(asked),
    redirect: "manual",
  });
  const code = new URL(allowed.headers.get("location") ?? "").searchParams.get("code");
  const grant = { grant_type: "authorization_code", client_id: app.clientId, client_secret: app.clientSecret };
  const answer = await fetch(`${sandboxUrl}/v2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...grant, code, redirect_uri }),
  });
  // The sandbox's own token; what is read of it is used.
  const first = ((await answer.json()) as { refresh_token: string }).refresh_token;
  const granted = await requestToken({ connectionId: "new", mid, ...enterprise }, mceDeps({ sandboxUrl }), first);
  if (!granted.ok) throw new Error(granted.error.message);
  const { token, refreshToken = "" } = granted.value;
  const { eid, subdomain, clientId } = enterprise;
  const place = { tenantId, userId: "7000091", eid, mid, subdomain, clientId };
  const db = openDatabase({ url, fetchEndpoint });
  return keepGrant(db, await openVault(vaultKeys), { ...place, refreshToken, token });
}

/** Starts a process of its own. @returns what it gets once it is told to begin */
export async function openRefresher(at: SharedAt, grantId: string): Promise<() => Promise<Token | { error: string }>> {
  const program = fileURLToPath(new URL("refresh-once.ts", import.meta.url));
  const facts = { ...at, vaultKeys, tenantId, grantId, mid: 7000001 };
  const child = fork(program, [JSON.stringify(facts)], { execArgv: ["--no-warnings"] });
  await once(child, "message");
  return async () => {
    child.send("go");
    const [said] = await once(child, "message");
    return said as Token | { error: string };
  };
}

/** How many tokens the sandbox has been asked for. */
export async function tokenRequests(sandboxUrl: string): Promise<number> {
  // The door's shape is DESIGN 8's.
  const { entries } = (await (await fetch(`${sandboxUrl}/sandbox/ledger`)).json()) as { entries: { call?: string }[] };
  return entries.filter(({ call }) => call === "AUTH token").length;
}
