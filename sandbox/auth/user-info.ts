import { json, type Reply } from "../http.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";

const zone = { longName: "(GMT-06:00) Central Time (No Daylight Saving)", shortName: "CST", offset: -6, dst: false };
const zoneinfo = "Etc/GMT+6";

/** The person behind a token; a package's own has an API user. */
function userOf({ accounts }: World, grant: Grant): { id: number; name: string; email: string } {
  const account = accounts.find((it) => it.eid === grant.eid);
  const person = account?.users.find((it) => it.email === grant.user);
  return person ?? { id: grant.eid + 90, name: `${grant.clientId} API User`, email: "" };
}

/** GET /v2/userinfo in the nested shape that was captured (MCE 1.6). */
export function userInfo(world: World, grant: Grant, view: string | null): Reply {
  const account = world.accounts.find((it) => it.eid === grant.eid);
  const { id, name, email } = userOf(world, grant);
  const sub = String(id);
  // The tests of one public client expect a flat body (MCE 13).
  if (world.behaviours.userInfoShape === "flat") {
    return json(200, { sub, name, email, enterprise_id: grant.eid, member_id: grant.mid });
  }
  return json(200, {
    exp: Math.floor(grant.expiresAt / 1000),
    iss: "https://mc.exacttarget.com",
    user: {
      sub: view === "oidc" ? `${world.url}/v2/userinfo/${sub}` : sub,
      name,
      preferred_username: name,
      email,
      locale: "en-US",
      zoneinfo,
      timezone: zone,
    },
    organization: {
      member_id: grant.mid,
      enterprise_id: grant.eid,
      enterprise_name: account?.name ?? "",
      account_type: "enterprise",
      stack_key: "S1",
      region: "NA1",
      locale: "en-US",
      zoneinfo,
      timezone: zone,
    },
    rest: { rest_instance_url: `${world.url}/`, soap_instance_url: `${world.url}/` },
    application: {
      id: grant.clientId,
      name: "Sandbox package",
      redirectUrl: account?.redirectUris ?? [],
      appScopes: grant.scopes,
    },
    permissions: [],
  });
}

/** GET /platform/v1/tokenContext (MCE 1.6). */
export function tokenContext(world: World, grant: Grant): Reply {
  const user = { id: userOf(world, grant).id };
  return json(200, { enterprise: { id: grant.eid }, organization: { id: grant.mid }, user });
}

/** GET /platform/v1/endpoints (MCE 1.6); its shape was never captured; this is what clients read. */
export function endpoints({ url }: World): Reply {
  const items = [
    { type: "soap", url: `${url}/Service.asmx` },
    { type: "rest", url: `${url}/` },
    { type: "auth", url: `${url}/` },
  ];
  return json(200, { count: items.length, items });
}

/** GET /v2/discovery (MCE 1.6). */
export function discovery(world: World, query: URLSearchParams): Reply {
  const links = ["auth_instance_url", "rest_instance_url"].map((rel) => ({ rel, href: `${world.url}/` }));
  return json(200, { subject: query.get("resource") ?? "", links });
}
