import { type Account, homesOf, packageOf, type User } from "../accounts.ts";
import { plain, type Reply, type Request } from "../http.ts";
import { packageScopes } from "../tokens.ts";
import type { World } from "../world.ts";
import { codeLifeMs } from "./user-grants.ts";

type Asked = {
  /** The enterprises whose people may sign in. */
  homes: readonly Account[];
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  state: string | undefined;
  challenge: string | undefined;
};
type Read = { kind: "asked"; asked: Asked } | { kind: "answer"; reply: Reply };

/**
 * Shows the consent page: GET /v2/authorize (MCE 1.5). Like MCE's, the page cannot be framed. Somebody who is signed in to
 * Marketing Cloud is sent back at once.
 */
export function showConsent(world: World, request: Request): Reply {
  const read = readAsked(world, request.query);
  if (read.kind === "answer") return read.reply;
  const { homes, clientId, scopes } = read.asked;
  const known = personOf(homes, world.behaviours.signedInUser ?? undefined);
  if (known !== undefined) return allow(world, read.asked, known, known.user.mids[0] ?? known.account.eid);
  const hidden = [...request.query].map(
    ([name, value]) => `<input type="hidden" name="${html(name)}" value="${html(value)}">`,
  );
  const units = homes.flatMap(({ eid, mids }) =>
    mids.map((mid) => `<option value="${mid}">${mid}${mid === eid ? " (parent)" : ""}</option>`),
  );
  const people = homes.flatMap(({ users }) =>
    users.map(({ name, email }) => `<option value="${html(email)}">${html(name)}</option>`),
  );
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Marketing Cloud sandbox</title>
<style>body{font:16px system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}</style>
<h1>Sign in to ${html(homes.map(({ name }) => name).join(" or "))}</h1>
<p>This is the sandbox: there is no password. The app <b>${html(clientId)}</b> asks for:</p>
<ul>${scopes.map((it) => `<li>${html(it)}</li>`).join("")}</ul>
<form method="post" action="/v2/authorize">${hidden.join("")}
<p><label>Person <select name="user">${people.join("")}</select></label></p>
<p><label>Business unit <select name="mid">${units.join("")}</select></label></p>
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button>
</form></html>`;
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", "x-frame-options": "DENY" },
    body: page,
  };
}

/** Sends the browser back with a code, or with what went wrong: POST /v2/authorize from the consent page. */
export function decideConsent(world: World, request: Request): Reply {
  const form = new URLSearchParams(request.body);
  const read = readAsked(world, form);
  if (read.kind === "answer") return read.reply;
  const { homes, redirectUri, state } = read.asked;
  if (form.get("decision") !== "allow") return sendBack(redirectUri, { error: "access_denied" }, state);
  const email = form.get("user") ?? homes[0]?.users[0]?.email;
  const person = personOf(homes, email);
  if (person === undefined) return plain(400, "Unknown person");
  const mid = Number(form.get("mid") ?? person.account.eid);
  if (!person.user.mids.includes(mid)) return plain(400, `Business unit ${mid} is not open to that person`);
  return allow(world, read.asked, person, mid);
}

type Person = { account: Account; user: User };

function personOf(homes: readonly Account[], email: string | undefined): Person | undefined {
  for (const account of homes) {
    const user = account.users.find((it) => it.email === email);
    if (user !== undefined) return { account, user };
  }
  return undefined;
}

function allow(world: World, asked: Asked, { account, user }: Person, mid: number): Reply {
  const { clientId, redirectUri, scopes, state, challenge } = asked;
  const { eid, subdomain } = account;
  const consent = { clientId, eid, mid, user: user.email, scopes };
  const known = world.userGrants.code({ consent, redirectUri, challenge, expiresAt: world.clock.now() + codeLifeMs });
  const code = world.behaviours.wrappedCode ? wrap(known, eid) : known;
  return sendBack(redirectUri, { code, tssd: subdomain }, state);
}

/** The code inside a code, as one peer has met it in MCE's frame (MCE 1.5). */
function wrap(code: string, eid: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ auth_code: code, eid })}.`;
}

function readAsked({ accounts }: World, query: URLSearchParams): Read {
  const answer = (reply: Reply): Read => ({ kind: "answer", reply });
  const asking = packageOf(accounts, query.get("client_id") ?? "");
  if (asking === undefined) return answer(plain(400, "Unknown client_id"));
  const { account, clientId, scopes: itsScopes = packageScopes } = asking;
  const redirectUri = query.get("redirect_uri") ?? "";
  // Never send a browser to an address that is not the app's own.
  if (!isRegistered(account, redirectUri)) return answer(plain(400, "The redirect_uri is not registered"));
  const state = query.get("state") ?? undefined;
  const back = (error: string) => answer(sendBack(redirectUri, { error }, state));
  if (!asking.grantTypes.includes("authorization_code")) return back("unauthorized_client");
  if (query.get("response_type") !== "code") return back("unsupported_response_type");
  const scopes =
    query
      .get("scope")
      ?.split(/\s+/)
      .filter((it) => it !== "") ?? itsScopes;
  if (scopes.some((it) => !packageScopes.includes(it))) return back("invalid_scope");
  const challenge = query.get("code_challenge") ?? undefined;
  if (challenge !== undefined && query.get("code_challenge_method") !== "S256") return back("invalid_request");
  // A scope that the package lacks is not granted; what then happens was never captured.
  const granted = scopes.filter((it) => itsScopes.includes(it));
  const homes = homesOf(accounts, asking);
  return { kind: "asked", asked: { homes, clientId, redirectUri, scopes: granted, state, challenge } };
}

/** Whether an address is registered: those of the package, and any on this machine, on every port and path. */
function isRegistered(account: Account, redirectUri: string): boolean {
  if (account.redirectUris.includes(redirectUri)) return true;
  const url = URL.parse(redirectUri);
  return url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

function sendBack(redirectUri: string, parameters: Record<string, string>, state: string | undefined): Reply {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (state !== undefined) url.searchParams.set("state", state);
  return { status: 302, headers: { location: url.href, "x-frame-options": "DENY" }, body: "" };
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
