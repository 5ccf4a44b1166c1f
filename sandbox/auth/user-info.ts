import { accounts } from "../accounts.ts";
import { json, type Reply } from "../http.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";

const zone = { longName: "(GMT-06:00) Central Time (No Daylight Saving)", shortName: "CST", offset: -6, dst: false };
const zoneinfo = "Etc/GMT+6";

/** Id of the user behind a token; each enterprise has one person and one API user. */
function userId(grant: Grant): number {
  return grant.eid + (grant.user === undefined ? 90 : 91);
}

/** GET /v2/userinfo in the nested shape that was captured (MCE 1.6). */
export function userInfo(world: World, grant: Grant, view: string | null): Reply {
  const account = accounts.find((it) => it.eid === grant.eid);
  const sub = String(userId(grant));
  const name = grant.user ?? `${grant.clientId} API User`;
  // The tests of one public client expect a flat body (MCE 13).
  if (world.behaviours.userInfoShape === "flat") {
    return json(200, { sub, name, email: grant.user ?? "", enterprise_id: grant.eid, member_id: grant.mid });
  }
  return json(200, {
    exp: Math.floor(grant.expiresAt / 1000),
    iss: "https://mc.exacttarget.com",
    user: {
      sub: view === "oidc" ? `${world.url}/v2/userinfo/${sub}` : sub,
      name,
      preferred_username: name,
      email: grant.user ?? "",
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
export function tokenContext(grant: Grant): Reply {
  return json(200, { enterprise: { id: grant.eid }, organization: { id: grant.mid }, user: { id: userId(grant) } });
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
