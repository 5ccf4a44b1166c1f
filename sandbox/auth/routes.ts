import { accounts } from "../accounts.ts";
import { bearer, type Call, json, type Reply, type Request } from "../http.ts";
import { notAuthorized } from "../rest/errors.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { decideConsent, showConsent } from "./authorize.ts";
import { readTokenRequest, token } from "./token.ts";
import { discovery, tokenContext, userInfo } from "./user-info.ts";

/** Understands a request to the auth host; undefined when it is none. */
export function authCall(world: World, request: Request): Call | undefined {
  switch (`${request.method} ${request.path.toLowerCase().replace(/\/$/, "")}`) {
    case "POST /v2/token": {
      const asked = readTokenRequest(request);
      const mid = asked?.account_id ?? accounts.find((it) => it.clientId === asked?.client_id)?.eid;
      return { name: "AUTH token", ...(mid === undefined ? {} : { mid }), run: () => token(world, asked) };
    }
    case "GET /v2/authorize":
      return { name: "AUTH authorize", run: () => showConsent(request) };
    case "POST /v2/authorize":
      return { name: "AUTH consent", run: () => decideConsent(world, request) };
    case "GET /v2/userinfo":
      return withGrant(world, request, "AUTH userinfo", (grant) => userInfo(world, grant, request.query.get("view")));
    case "GET /platform/v1/tokencontext":
      return withGrant(world, request, "REST tokenContext", tokenContext);
    case "GET /v2/discovery": {
      const isKnown = accounts.some((it) => it.clientId === request.query.get("client_id"));
      const run = () => (isKnown ? discovery(world, request.query) : json(401, { error: "invalid_client" }));
      return { name: "AUTH discovery", run };
    }
    default:
      return undefined;
  }
}

function withGrant(world: World, request: Request, name: string, run: (grant: Grant) => Reply): Call {
  const checked = world.tokens.check(bearer(request), world.clock.now());
  if (checked.kind !== "good") return { name, run: () => notAuthorized };
  return { name, mid: checked.grant.mid, run: () => run(checked.grant) };
}
