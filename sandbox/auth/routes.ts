import { packageOf } from "../accounts.ts";
import { bearer, type Call, type Reply, type Request } from "../http.ts";
import { notAuthorized } from "../rest/errors.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { decideConsent, showConsent } from "./authorize.ts";
import { unknownClient } from "./oauth-error.ts";
import { readTokenRequest, token } from "./token.ts";
import { discovery, endpoints, tokenContext, userInfo } from "./user-info.ts";

/** The call that a request to the auth host means; undefined for any other request. */
export function authCall(world: World, request: Request): Call | undefined {
  switch (`${request.method} ${request.path.toLowerCase().replace(/\/$/, "")}`) {
    case "POST /v2/token": {
      const asked = readTokenRequest(request);
      const clientId = asked?.client_id ?? "";
      const mid = asked?.account_id ?? packageOf(world.accounts, clientId)?.account.eid;
      return {
        name: "AUTH token",
        ...(mid === undefined ? {} : { mid }),
        clientId,
        run: () => slowly(world, () => whereAsked(world, request, token(world, asked))),
      };
    }
    case "GET /v2/authorize":
      return { name: "AUTH authorize", run: () => showConsent(world, request) };
    case "POST /v2/authorize":
      return { name: "AUTH consent", run: () => decideConsent(world, request) };
    case "GET /v2/userinfo":
      return withGrant(world, request, "AUTH userinfo", async (grant) => {
        await world.clock.sleep(world.behaviours.userInfoDelayMs);
        return userInfo(world, grant, request.query.get("view"));
      });
    case "GET /platform/v1/tokencontext":
      return withGrant(world, request, "REST tokenContext", (grant) => tokenContext(world, grant));
    case "GET /platform/v1/endpoints":
      return withGrant(world, request, "REST endpoints", () => endpoints(world));
    case "GET /v2/discovery": {
      const isKnown = packageOf(world.accounts, request.query.get("client_id") ?? "") !== undefined;
      const run = () => (isKnown ? discovery(world, request.query) : unknownClient);
      return { name: "AUTH discovery", run };
    }
    default:
      return undefined;
  }
}

/** A client that came another way to this machine's sandbox is sent that way, too. */
function whereAsked(world: World, { headers: { host = "" } }: Request, reply: Reply): Reply {
  if (!/^127\.0\.0\.1:\d+$/.test(host)) return reply;
  return { ...reply, body: reply.body.replaceAll(world.url, `http://${host}`) };
}

async function slowly(world: World, run: () => Reply): Promise<Reply> {
  const { tokenDelayMs } = world.behaviours;
  if (tokenDelayMs > 0) await world.clock.sleep(tokenDelayMs);
  return run();
}

function withGrant(world: World, request: Request, name: string, run: (grant: Grant) => Reply | Promise<Reply>): Call {
  const checked = world.tokens.check(bearer(request), world.clock.now());
  if (checked.kind !== "good") return { name, run: () => notAuthorized };
  const { mid, clientId } = checked.grant;
  return { name, mid, clientId, run: () => run(checked.grant) };
}
